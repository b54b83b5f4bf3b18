import { type Detector, loadDetector } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { type ImageSource, NO_SKIPPED_IMAGES } from '../../images/index.ts'
import { type FamilyEvent, openStreamFamily, type StreamOptions } from '../../judging/index.ts'
import { type FeaturesFile, type Measurements, mergeSkipped } from '../../measuring/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import { describeStreamEvent, formatCountOf, visibleText } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { partsOf, readBatchArgument } from '../feature-arguments.ts'
import { type ImageFlags, openArgument, reportSkipped, vectorFiles } from '../image-arguments.ts'
import { requireOutputs } from '../outputs.ts'
import { createImageProgress } from '../progress.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'
import { readStreamState, type StreamStateFile, writeStreamState } from '../stream-state.ts'

/** Flags of `pixeldrift stream`. */
export type StreamFlags = Omit<ImageFlags, 'limit'> &
  RuntimeFlags & {
    readonly falseAlarmEvery?: number
    readonly calibrated?: true
    readonly by?: string
    readonly seed?: number
    readonly state?: string
    readonly json?: true
  }

/** `pixeldrift stream <detector> <images>`: watches images one after the other, a line for each event. */
export async function runStream(
  { detector: path, images }: { readonly detector: string; readonly images: readonly string[] },
  flags: StreamFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--state': flags.state }, [
    path,
    ...images,
    ...Object.values(vectorFiles(flags)),
  ])
  const location = images.join(' ')
  const stored =
    flags.state === undefined ? undefined : await readStreamState(flags.state, location)
  const batch = await readBatchArgument(images)
  await using detector = await loadDetector(path, runtimeOptions(flags))
  const watcher = openWatcher(detector, flags, stored?.stream)
  const source =
    batch.kind === 'images' ? await openArgument(batch.location, flags, context) : undefined
  const files = batch.kind === 'features' ? batch.files : []
  const parts = source ? measured(detector, source, { stored, context }) : unseen(files, stored)
  const told = await watch({ watcher, parts, location, stored }, flags, context)
  if (flags.json !== true) context.out.write(summarise(watcher, told))
  return exitCode(watcher, told)
}

/** One stream over all images, or one for each source too. */
type Watcher = {
  readonly images: () => number
  readonly take: (part: Measurements) => readonly (StreamEvent | FamilyEvent)[]
  readonly save: () => Uint8Array
  /** What is going on, by source. */
  readonly statuses: () => ReadonlyMap<string, string>
}

function openWatcher(detector: Detector, flags: StreamFlags, saved?: Uint8Array): Watcher {
  const { falseAlarmEvery, calibrated, seed, by } = flags
  const options: StreamOptions = {
    falseAlarmEvery,
    seed,
    threshold: calibrated === true ? 'calibrated' : 'guaranteed',
  }
  if (by === undefined) {
    const stream = detector.stream(options, saved)
    return {
      images: () => stream.images,
      take: (part) => stream.take(part),
      save: () => stream.save(),
      statuses: () => new Map([['', stream.status]]),
    }
  }
  const { baseline, manifest } = detector
  const family = openStreamFamily(baseline, manifest.policy, { by, ...options }, saved)
  return {
    images: () => family.images,
    take: (part) => family.take(part),
    save: () => family.save(),
    statuses: () => family.statuses,
  }
}

type Seen = { readonly stored: StreamStateFile | undefined }

/** Images in order, and the place of the last of them: of its source, or among the rows of files. */
type Part = { readonly part: Measurements; readonly place: number }

/** Images of batches of 256; those that were seen before are neither measured again nor taken. */
async function* measured(
  detector: Detector,
  source: ImageSource,
  { stored, context }: Seen & { readonly context: CommandContext },
): AsyncGenerator<Part> {
  const { last } = stored ?? {}
  const size = 256
  const first = last === undefined ? 0 : Math.floor(last.place / size)
  const chosen = { isChosen: (batch: number) => batch >= first, signal: context.signal }
  let isKnown = last === undefined
  for await (const part of detector.measure(source, chosen)) {
    const place = part.images.at(-1)?.place ?? 0
    if (isKnown || last === undefined) {
      yield { part, place }
      continue
    }
    isKnown = true
    const at = part.images.findIndex((image) => image.place === last.place)
    if (part.images[at]?.record.id !== last.id) throw movedImages(last.id, source.location)
    const named = part.skipped.named.filter((image) => (image.place ?? 0) > last.place)
    const skipped = { ...part.skipped, named, total: named.length }
    yield { part: { ...rowsFrom(part, at + 1), skipped }, place }
  }
}

function movedImages(id: string, location: string): DriftError {
  return new DriftError(
    'config.invalid',
    `expected ${id} where it was, the last image that the state has seen, found another in ${location}`,
    {
      hint: 'A stream goes on behind the last image: new ones must come after it in the order of their names or rows. Start anew with another state file otherwise.',
    },
  )
}

/** Rows of files behind those that were seen before. */
async function* unseen(
  files: readonly FeaturesFile[],
  stored: StreamStateFile | undefined,
): AsyncGenerator<Part> {
  const seen = stored?.last === undefined ? 0 : stored.last.place + 1
  let rows = 0
  for await (const part of partsOf(files)) {
    const first = Math.max(0, Math.min(seen - rows, part.images.length))
    rows += part.images.length
    yield { part: rowsFrom(part, first), place: rows - 1 }
  }
}

function rowsFrom(part: Measurements, first: number): Measurements {
  const images = part.images.slice(first)
  const values = part.values.subarray(first * part.columns.length)
  return { ...part, images, values, count: images.length }
}

type Job = Seen & {
  readonly watcher: Watcher
  readonly parts: AsyncIterable<Part>
  readonly location: string
}

/** Events are told before the state says that their images were seen: after a kill they may be told again, never lost. */
async function watch(
  { watcher, parts, location, stored }: Job,
  { state, json }: StreamFlags,
  context: CommandContext,
): Promise<number> {
  const progress = createImageProgress(context, { verb: 'watched', stage: 'watching', total: 0 })
  const clock = timeKeeper(context)
  let skipped = NO_SKIPPED_IMAGES
  let told = 0
  let { last } = stored ?? {}
  for await (const { part, place } of parts) {
    for (const event of watcher.take(part)) {
      progress.clear()
      context.out.write(json === true ? jsonLine(event) : textLine(event))
      if (event.kind === 'drift') told++
    }
    clock.check(part)
    skipped = mergeSkipped(skipped, part.skipped)
    const newest = part.images.at(-1)
    if (newest) last = { place, id: newest.record.id }
    if (state !== undefined) {
      await writeStreamState(state, { location, last, stream: watcher.save() })
    }
    progress.update(watcher.images())
  }
  progress.clear()
  reportSkipped(skipped, context)
  return told
}

/** Says once that images don't come in the order of their times. */
function timeKeeper({ err }: CommandContext): { readonly check: (part: Measurements) => void } {
  let before = ''
  let isSaid = false
  return {
    check: ({ images }) => {
      for (const { record } of images) {
        const { timestamp = before, id } = record
        if (timestamp < before && !isSaid) {
          isSaid = true
          err.write(
            `pixeldrift: ${visibleText(id)} is earlier than the image before it: a stream takes images in the order in which they come, so sort them by time\n`,
          )
        }
        before = timestamp
      }
    },
  }
}

function sourceOf(event: StreamEvent | FamilyEvent): string | undefined {
  return 'source' in event && event.source !== '' ? event.source : undefined
}

function textLine(event: StreamEvent | FamilyEvent): string {
  const { summary, findings } = describeStreamEvent(event)
  const source = sourceOf(event)
  const from = source === undefined ? '' : `${source}: `
  const why = findings.slice(0, 5).map((finding) => `  · ${finding}`)
  return `${[visibleText(`${from}${summary}`), ...why.map(visibleText)].join('\n')}\n`
}

function jsonLine(event: StreamEvent | FamilyEvent): string {
  return `${JSON.stringify({ ...event, words: describeStreamEvent(event) })}\n`
}

function summarise(watcher: Watcher, told: number): string {
  const changes = told === 0 ? 'no change' : formatCountOf(told, 'change')
  const now = [...watcher.statuses()]
    .filter(([, status]) => status !== 'watching')
    .map(([source, status]) => `${source === '' ? 'now' : source}: ${STATUS[status] ?? status}`)
  return `${[`Watched ${formatCountOf(watcher.images(), 'image')}, ${changes}`, ...now.map(visibleText)].join('; ')}.\n`
}

const STATUS: Readonly<Record<string, string>> = {
  drift: 'the change goes on',
  dependent: 'images depend on each other, so nothing is watched',
}

function exitCode(watcher: Watcher, told: number): ExitCode {
  const statuses = new Set(watcher.statuses().values())
  if (told > 0 || statuses.has('drift')) return EXIT.drift
  return statuses.has('dependent') ? EXIT.error : EXIT.noDrift
}
