import { DriftError } from '../../errors.ts'
import type { ImageRecord } from '../../images/index.ts'
import { extractOnThreads, type Extractor, loadExtractor } from '../../measuring/index.ts'
import { type FeatureTable, placesOf, tableOf } from '../../representations/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { readArtifact, writeArtifact } from './artifact.ts'
import {
  type BaselineNumbers,
  createBaseline,
  type KnownImages,
  nearestComparisons,
  poolOfTables,
  contentGroups,
  type TestSettings,
  type ToleratedTable,
} from '../../judging/index.ts'
import type { DetectorManifest } from './manifest.ts'
import { storedManifestSchema, toSections } from './manifest-sections.ts'
import { keepUsableNulls, nullFiles, restoreNulls } from './prepared-nulls.ts'
import { bytesOf, floats } from './stored-numbers.ts'
import type { FitInput } from '../settings/settings.ts'
import type { FittedTolerance } from '../fitting/tolerance/fit-tolerance.ts'
import { readTolerance, toleranceFiles } from './stored-tolerance.ts'

/** What an artifact holds. */
export type DetectorParts = {
  readonly manifest: DetectorManifest
  /** Features of the held-out reference images. */
  readonly reference: FeatureTable
  /** Features of the reference under single tolerated changes, as artifacts of version 0.1 have them. */
  readonly tolerated: readonly ToleratedTable[]
  /** What the reference looks like under tolerated changes, where there are any. */
  readonly tolerance?: FittedTolerance | undefined
  /** What is at each place of the reference images, rows × all cells of the extractor's maps; absent in artifacts of before it was measured. */
  readonly places?: Int8Array | undefined
  /** Block of each reference row, where images depend on each other. */
  readonly blocks?: Uint32Array | undefined
  /** Absent in artifacts of before they were kept. */
  readonly known?: KnownImages | undefined
  /** What was known of each reference image beside its pixels; absent in artifacts of before it was kept. */
  readonly records?: readonly ImageRecord[] | undefined
  /** Label of each reference row by its place among the manifest's, where they are known; `NO_LABEL` of those without. */
  readonly labels?: Uint16Array | undefined
  readonly extractor: Extractor
  /** Typical held-out reference images, N×C×H×W. */
  readonly thumbnails: Tensor
}

const REFERENCE_FILE = 'reference.f32'
const THUMBNAIL_FILE = 'thumbnails.f32'
const PLACE_FILE = 'reference-places.i8'
const BLOCK_FILE = 'blocks.u32'
const LEARNED_FILE = 'learned-images.f64'
const HELD_FILE = 'reference-images.f64'
const LABEL_FILE = 'labels.u16'
const RECORD_FILE = 'reference-records.json'

const toleratedFile = (index: number): string => `tolerated-${index}.f32`

/** The files of an artifact, beside its manifest. */
export function detectorFiles(
  parts: Omit<DetectorParts, 'manifest'>,
  baseline: BaselineNumbers,
): Map<string, Uint8Array> {
  return new Map([
    ...parts.extractor.save(),
    [THUMBNAIL_FILE, bytesOf(parts.thumbnails.data)],
    ...baselineFiles(parts, baseline),
  ])
}

/** Of them, those that batches are judged by. */
export function baselineFiles(
  {
    reference,
    tolerated,
    tolerance,
    places,
    blocks,
    known,
    records,
    labels,
  }: Omit<DetectorParts, 'manifest' | 'extractor' | 'thumbnails'>,
  baseline: BaselineNumbers,
): Map<string, Uint8Array> {
  const files: [string, Uint8Array][] = [[REFERENCE_FILE, bytesOf(reference.values)]]
  if (places !== undefined) files.push([PLACE_FILE, bytesOf(places)])
  if (blocks !== undefined) files.push([BLOCK_FILE, bytesOf(blocks)])
  if (known !== undefined) {
    files.push([LEARNED_FILE, bytesOf(known.learned)], [HELD_FILE, bytesOf(known.reference)])
  }
  if (records !== undefined) {
    files.push([RECORD_FILE, new TextEncoder().encode(JSON.stringify(records))])
  }
  if (labels !== undefined) files.push([LABEL_FILE, bytesOf(labels)])
  return new Map([
    ...files,
    ...tolerated.map(({ table }, i) => [toleratedFile(i), bytesOf(table.values)] as const),
    ...(tolerance === undefined ? [] : toleranceFiles(tolerance)),
    ...nullFiles(baseline),
  ])
}

/** The baseline of a detector's parts, without prepared nulls. */
export function baselineOf({
  manifest,
  reference,
  tolerated,
  tolerance,
  places: values,
  extractor,
}: Pick<DetectorParts, 'reference' | 'tolerated' | 'tolerance' | 'places' | 'extractor'> & {
  readonly manifest: TestSettings
}): BaselineNumbers {
  const { maps } = extractor.places ?? {}
  const places = values && maps && { maps, values }
  // Also what is no evidence of drift says how images were changed.
  const groups = contentGroups(manifest.columns, manifest.features)
  if (tolerance !== undefined) {
    return createBaseline(reference, {
      places,
      tolerate: (one) => nearestComparisons(one, { ...tolerance, probed: tolerance, groups }),
    })
  }
  if (tolerated.length === 0) return createBaseline(reference, { places })
  const pool = poolOfTables(tolerated)
  return createBaseline(reference, {
    places,
    tolerate: (one) => nearestComparisons(one, { pool, groups }),
  })
}

/** A detector's parts and what is computed from its reference. */
export type StoredDetector = {
  readonly parts: DetectorParts
  readonly baseline: BaselineNumbers
}

/** Writes a detector into one file; replaces it whole or not at all. */
export async function saveParts(path: string, { parts, baseline }: StoredDetector): Promise<void> {
  const manifest = toSections(parts.manifest)
  await writeArtifact(path, { manifest, files: detectorFiles(parts, baseline) })
}

/** Where and how to run what a detector learned. */
export type LoadOptions = {
  /** Threads of the processor, 1 or more. Default: all cores. */
  readonly threads?: number | undefined
  /** Where to compute; all but `cpu` need a runtime build and drivers that have it. Default `cpu`. */
  readonly device?: FitInput['device'] | undefined
}

/** Reads what `saveParts` wrote; throws DriftError on a damaged, foreign or newer file. */
export async function loadParts(
  source: string | Uint8Array,
  { threads, device = 'cpu' }: LoadOptions = {},
): Promise<StoredDetector> {
  const { manifest: stored, files } = await readArtifact(source, storedManifestSchema)
  const manifest = keepUsableNulls(stored)
  const [channels, height, width] = manifest.shape
  const values = floats(files, REFERENCE_FILE, [manifest.counts.reference, manifest.columns.length])
  const thumbnails = floats(files, THUMBNAIL_FILE, [manifest.thumbnails, channels, height, width])
  const { resize, depth } = manifest
  const form = { shape: { channels, height, width }, resize, depth }
  const extractor = extractOnThreads(
    await loadExtractor(files, form, { device }),
    // Elsewhere than on the processor a second session would want the same device.
    { threads: device === 'cpu' ? threads : 1 },
  )
  const tolerated = manifest.tolerated.map(({ title, rows }, i) => {
    const { data } = floats(files, toleratedFile(i), [rows, manifest.columns.length])
    return { title, table: tableOf(manifest.columns, data) }
  })
  const blockBytes = files.get(BLOCK_FILE)
  const reference = tableOf(manifest.columns, values.data)
  const tolerance = readTolerance(manifest, files)
  const parts = {
    manifest,
    reference,
    tolerated,
    tolerance,
    places: readPlaces(files, manifest, extractor),
    blocks: blockBytes && new Uint32Array(blockBytes.slice().buffer),
    known: knownImages(files),
    records: readRecords(files, manifest),
    labels: readLabels(files, manifest),
    extractor,
    thumbnails,
  }
  return { parts, baseline: restoreNulls(baselineOf(parts), manifest, files) }
}

/** Nothing in artifacts from before places were looked at. */
function readPlaces(
  files: ReadonlyMap<string, Uint8Array>,
  { counts }: DetectorManifest,
  { places }: Extractor,
): DetectorParts['places'] {
  const bytes = files.get(PLACE_FILE)
  if (bytes === undefined || places === undefined) return undefined
  const expected = counts.reference * placesOf(places.maps)
  if (bytes.byteLength === expected) return new Int8Array(bytes.slice().buffer)
  throw new DriftError(
    'artifact.corrupt',
    `expected ${expected} bytes in ${PLACE_FILE}, got ${bytes.byteLength}`,
  )
}

/** Nothing in artifacts from before records were kept. */
function readRecords(
  files: ReadonlyMap<string, Uint8Array>,
  { counts }: DetectorManifest,
): DetectorParts['records'] {
  const bytes = files.get(RECORD_FILE)
  if (bytes === undefined) return undefined
  const records = JSON.parse(new TextDecoder().decode(bytes)) as readonly ImageRecord[]
  if (records.length === counts.reference) return records
  throw new DriftError(
    'artifact.corrupt',
    `expected ${counts.reference} records in ${RECORD_FILE}, got ${records.length}`,
  )
}

function knownImages(files: ReadonlyMap<string, Uint8Array>): DetectorParts['known'] {
  const [learned, reference] = [LEARNED_FILE, HELD_FILE].map((name) => files.get(name))
  if (learned === undefined || reference === undefined) return undefined
  const numbers = (bytes: Uint8Array): Float64Array => new Float64Array(bytes.slice().buffer)
  return { learned: numbers(learned), reference: numbers(reference) }
}

/** Nothing in artifacts of reference images without labels, and in those from before labels were kept. */
function readLabels(
  files: ReadonlyMap<string, Uint8Array>,
  { labels, counts }: DetectorManifest,
): DetectorParts['labels'] {
  if (labels === undefined) return undefined
  const bytes = files.get(LABEL_FILE)
  if (bytes?.byteLength === 2 * counts.reference) {
    return new Uint16Array(bytes.slice().buffer)
  }
  throw new DriftError(
    'artifact.corrupt',
    `expected ${2 * counts.reference} bytes in ${LABEL_FILE}, got ${bytes?.byteLength ?? 'no such file'}`,
  )
}
