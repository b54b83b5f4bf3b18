import { setImmediate } from 'node:timers/promises'
import { DriftError, throwIfCancelled } from '../errors.ts'
import {
  GRADED_CHANGES,
  type GradedChange,
  type ImageBatch,
  type ImageSource,
  injectChange,
  keepSample,
  takeFromBatch,
} from '../images/index.ts'
import {
  type Baseline,
  createInjectedRuns,
  type ImageRows,
  type InjectedRuns,
  type Policy,
  rehearseChange,
  watchHistory,
} from '../judging/index.ts'
import { type Extractor, sideInputsOf, measure, measurePixels } from '../measuring/index.ts'
import {
  canonicalJson,
  foldMeasurements,
  type Measurements,
  shortDigest,
  pickImages,
} from '../measuring/values/index.ts'
import { createRandom, type Tensor } from '../tensor/index.ts'
import { type Rehearsal, REHEARSAL_VERSION, type RehearsedChange } from '../verdict/index.ts'
import type { DetectorManifest } from './artifact/manifest.ts'
import { type Clock, installedVersions, systemClock } from './provenance.ts'
import { parseRehearseOptions, type RehearseSettings } from './settings/options.ts'
import type { RehearseInput } from './settings/settings.ts'

/** Settings of a rehearsal, and what it is told while it runs. */
export type RehearseOptions = RehearseInput & {
  /** Says when it was made; the system's clock by default. */
  readonly now?: Clock | undefined
  /** Ends it with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Called as it goes on. Default: nothing is. */
  readonly onProgress?: ((progress: RehearsalProgress) => void) | undefined
  /** Where finished changes are kept, so that a rehearsal that was stopped goes on. Default: nowhere. */
  readonly kept?: KeptChanges | undefined
}

/** How far it is: images of the history that were measured, or kinds of change that were tried. */
export type RehearsalProgress = {
  readonly stage: 'history' | 'changes'
  readonly done: number
  /** Undefined where the source doesn't know. */
  readonly total: number | undefined
}

/** Finished changes of one rehearsal; `key` is another where anything that they depend on is. */
export type KeptChanges = {
  load(key: string): Promise<readonly RehearsedChange[]>
  add(change: RehearsedChange): Promise<void>
}

/** A rehearsal, and pictures of what it injected. */
export type Rehearsed = {
  readonly rehearsal: Rehearsal
  readonly pictures: readonly ChangePictures[]
}

/** A few images as they were, and as a change makes them. */
export type ChangePictures = {
  readonly name: string
  readonly strength: number
  /** N×C×H×W each. */
  readonly before: Tensor
  readonly after: Tensor
}

/** What a rehearsal needs of a detector. */
export type Rehearser = {
  readonly manifest: DetectorManifest
  readonly extractor: Extractor
  readonly baseline: Baseline
}

/** Memory that images which changes are made of may take, in bytes. */
const MOST_BYTES = 2 ** 27
/** Fewer images of a history say nothing. */
const FEWEST = 100
/** Runs with nothing changed, and the share of alarms among them from which on the history is another than the reference. */
const UNCHANGED_RUNS = 40
const MANY_ALARMS = 0.15
const SHOWN = 4

/** Watches past images as they would have been watched, then injects changes into them and says which are found. */
export async function rehearseHistory(
  { manifest, extractor, baseline }: Rehearser,
  history: ImageSource,
  { now = systemClock, signal, onProgress, kept, ...input }: RehearseOptions = {},
): Promise<Rehearsed> {
  const settings = parseRehearseOptions(input)
  const { policy } = manifest
  const past = await watchPast({ extractor, baseline, policy }, history, {
    settings,
    signal,
    onProgress,
  })
  const runs =
    baseline.settings.blockBy === undefined
      ? createInjectedRuns(baseline, policy, { clean: past.clean, settings })
      : null
  const unchanged = runs && tryUnchanged(runs, past.clean, settings)
  const withheld = reasonToWithhold(unchanged)
  const pool = { ...past.pool, depth: extractor.depth, seed: settings.seed }
  const key = shortDigest(
    canonicalJson({ detector: manifest.id, settings, history: past.digest, library: manifest.ids }),
  )
  const changes =
    withheld === null && runs !== null
      ? await tryChanges({ pool, extractor, runs }, { key, settings, signal, onProgress, kept })
      : []
  const rehearsal: Rehearsal = {
    version: REHEARSAL_VERSION,
    rehearsedAt: now().toISOString(),
    source: { location: history.location, kind: history.kind },
    detector: { id: manifest.id, location: manifest.location },
    policy,
    settings: settingsOf(settings, past),
    history: past.told,
    unchanged,
    withheld,
    changes,
    versions: await installedVersions(),
  }
  return { rehearsal, pictures: await picturesOf(pool, changes) }
}

function settingsOf(
  { batchSize, falseAlarmEvery, within, shares, runs, seed }: RehearseSettings,
  { pool }: Past,
): Rehearsal['settings'] {
  return { batchSize, falseAlarmEvery, within, shares, runs, images: pool.records.length, seed }
}

type Told = Pick<RehearseOptions, 'signal' | 'onProgress' | 'kept'> & {
  readonly settings: RehearseSettings
}

type Past = {
  readonly told: Rehearsal['history']
  /** Images that changes are made of. */
  readonly pool: ImageBatch
  /** What was measured of the others. */
  readonly clean: Measurements
  readonly digest: string
}

async function watchPast(
  { extractor, baseline, policy }: Omit<Rehearser, 'manifest'> & { readonly policy: Policy },
  history: ImageSource,
  { settings, signal, onProgress }: Told,
): Promise<Past> {
  const { channels, height, width } = extractor.shape
  const count = Math.min(settings.images, Math.floor(MOST_BYTES / (4 * channels * height * width)))
  const random = createRandom(settings.seed)
  const { source, kept } = keepSample(history, { count: 2 * count, random })
  const watch = watchHistory(baseline, policy, settings)
  const fold = foldMeasurements({ extractorId: extractor.id, columns: extractor.columns })
  let done = 0
  for await (const part of measure(extractor, source, { signal })) {
    watch.take(part)
    fold.add(part)
    done += part.count
    onProgress?.({ stage: 'history', done, total: history.count })
  }
  const all = fold.taken()
  // As many images stay as they are.
  const pool = kept(Math.min(count, Math.floor(Math.min(2 * count, all.count) / 2)))
  if (pool === undefined || all.count < FEWEST) {
    throw new DriftError(
      'data.insufficient',
      `expected at least ${FEWEST} past images to rehearse with, got ${all.count} in ${history.location}`,
    )
  }
  const inPool = new Set(pool.records.map(({ id }) => id))
  const others = all.images.flatMap(({ record }, row) => (inPool.has(record.id) ? [] : [row]))
  return {
    told: { ...watch.told(), skipped: all.skipped.named },
    pool,
    clean: rowsOf(all, others),
    digest: shortDigest(all.images.map(({ hash }) => hash).join()),
  }
}

/** Some of the rows of what was measured; sums and counts stay those of all. */
function rowsOf(all: Measurements, rows: readonly number[]): Measurements {
  return { ...all, ...pickImages(all, rows) }
}

function tryUnchanged(
  runs: InjectedRuns,
  changed: Measurements,
  { seed }: RehearseSettings,
): NonNullable<Rehearsal['unchanged']> {
  const nothing = { strength: 0, share: 0, changed, runs: UNCHANGED_RUNS, seed }
  return { stream: runs.stream(nothing), batches: runs.batches(nothing) }
}

function reasonToWithhold(unchanged: Rehearsal['unchanged']): Rehearsal['withheld'] {
  if (unchanged === null) return 'blocks'
  const { stream, batches } = unchanged
  const isMany = [stream, batches].some(({ found, runs }) => found > MANY_ALARMS * runs)
  return isMany ? 'different-history' : null
}

type Pool = ImageBatch & Pick<Extractor, 'depth'> & { readonly seed: number }

type Trying = {
  readonly pool: Pool
  readonly extractor: Extractor
  readonly runs: InjectedRuns
}

async function tryChanges(
  trying: Trying,
  { key, settings, signal, onProgress, kept }: Told & { readonly key: string },
): Promise<RehearsedChange[]> {
  const known = new Map((await kept?.load(key))?.map((change) => [change.name, change]))
  const kinds = changesOf(trying.pool, settings)
  const found: RehearsedChange[] = []
  for (const change of kinds) {
    onProgress?.({ stage: 'changes', done: found.length, total: kinds.length })
    const before = known.get(change.name)
    const rehearsed = before ?? (await tryChange(trying, change, { settings, signal }))
    if (before === undefined) await kept?.add(rehearsed)
    found.push(rehearsed)
  }
  onProgress?.({ stage: 'changes', done: kinds.length, total: kinds.length })
  return found
}

async function tryChange(
  { pool, extractor, runs }: Trying,
  change: GradedChange,
  { settings, signal }: Told,
): Promise<RehearsedChange> {
  const measured = new Map<number, ImageRows>()
  const measureAt = async (strength: number): Promise<ImageRows> => {
    // Judging in between leaves no room for what else there is to do.
    await setImmediate()
    throwIfCancelled(signal)
    const known = measured.get(strength)
    if (known !== undefined) return known
    const pixels = await injectChange(pool, change, { ...pool, strength })
    const values = await measurePixels(
      extractor,
      { pixels, sideInputs: sideInputsOf(pool) },
      { signal },
    )
    const rows = { values, places: extractor.places?.measure(pixels) }
    measured.set(strength, rows)
    return rows
  }
  const { name, title, scale, from, to } = change
  return rehearseChange({ name, title, scale, from, to, measureAt }, runs, settings)
}

function changesOf({ pixels }: ImageBatch, { changes }: RehearseSettings): readonly GradedChange[] {
  const isColour = pixels.shape[1] === 3
  return GRADED_CHANGES.filter(({ needsColour }) => isColour || needsColour !== true).filter(
    ({ name }) => changes === undefined || changes.includes(name),
  )
}

/** A few images as each change makes them where it is just found in all images, or as strong as was tried. */
async function picturesOf(
  pool: Pool,
  changes: readonly RehearsedChange[],
): Promise<ChangePictures[]> {
  const few = takeFromBatch(
    pool,
    Array.from({ length: Math.min(SHOWN, pool.records.length) }, (_, i) => i),
  )
  const pictures: ChangePictures[] = []
  for (const { name, shares } of changes) {
    const change = GRADED_CHANGES.find((one) => one.name === name)
    const [most] = shares.toSorted((a, b) => b.share - a.share)
    if (change === undefined) continue
    const { strength } = most.stream.smallest
    const after = await injectChange(few, change, { ...pool, strength })
    pictures.push({ name, strength, before: few.pixels, after })
  }
  return pictures
}
