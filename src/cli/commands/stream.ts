import { type Detector, libraryVersion, loadDetector } from '../../detector/index.ts'
import { type ImageSource, NO_SKIPPED_IMAGES } from '../../images/index.ts'
import type { FamilyEvent } from '../../judging/index.ts'
import { type Measurements, mergeSkipped } from '../../measuring/index.ts'
import {
  collectStreamReport,
  renderStreamPage,
  rereadPixels,
  type ToldEvent,
} from '../../report/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import {
  describeStatus,
  describeStreamEvent,
  formatCountOf,
  visibleText,
} from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { readBatchArgument } from '../feature-arguments.ts'
import {
  type ImageFlags,
  inOrderOfTime,
  openArgument,
  reportSkipped,
  modelOutputFiles,
} from '../image-arguments.ts'
import { requireOutputs, writeOutput } from '../outputs.ts'
import { createImageProgress } from '../progress.ts'
import { measured, type Part, behindStored } from '../stream-parts.ts'
import { openWatcher, type Watcher, type WatcherFlags } from '../stream-watcher.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'
import {
  packEvent,
  readStreamState,
  type StreamStateFile,
  unpackEvent,
  writeStreamState,
} from '../stream-state.ts'

/** Flags of `pixeldrift stream`. */
export type StreamFlags = Omit<ImageFlags, 'limit'> &
  RuntimeFlags &
  WatcherFlags & {
    readonly state?: string | undefined
    readonly report?: string | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift stream <detector> <images>`: watches images one after the other, a line for each event. */
export async function runStream(
  { detector: path, images }: { readonly detector: string; readonly images: readonly string[] },
  flags: StreamFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--state': flags.state, '--report': flags.report }, [
    path,
    ...images,
    ...Object.values(modelOutputFiles(flags)),
  ])
  const location = images.join(' ')
  const stored =
    flags.state === undefined ? undefined : await readStreamState(flags.state, location)
  const batch = await readBatchArgument(images)
  await using detector = await loadDetector(path, runtimeOptions(flags))
  const watcher = openWatcher(detector, flags, stored?.stream)
  const source =
    batch.kind === 'images'
      ? await openArgument(batch.location, inOrderOfTime(flags), context)
      : undefined
  const files = batch.kind === 'features' ? batch.files : []
  const parts = source
    ? measured(detector, source, { stored, context })
    : behindStored(files, stored)
  const told = await watch({ watcher, parts, location, stored }, flags, context)
  if (flags.report !== undefined) {
    await writeReport(flags.report, { detector, source, watcher, told, location, context })
  }
  const alarms = told.now.filter(({ kind }) => kind === 'drift').length
  if (flags.json !== true) context.out.write(summarise(watcher, alarms))
  return exitCode(watcher, alarms)
}

type Job = {
  readonly stored: StreamStateFile | undefined
  readonly watcher: Watcher
  readonly parts: AsyncIterable<Part>
  readonly location: string
}

/** What was told by this run, and by the last ones before it too. */
type Told = { readonly now: readonly ToldEvent[]; readonly all: readonly ToldEvent[] }

/** Events that a report shows at most: the last ones. */
const MOST_TOLD = 50

type Reporting = {
  readonly detector: Detector
  /** Undefined where the images were measured before: there are no pictures of them. */
  readonly source: ImageSource | undefined
  readonly watcher: Watcher
  readonly told: Told
  readonly location: string
  readonly context: CommandContext
}

/** Events are told before the state says that their images were seen: after a kill they may be told again, never lost. */
async function watch(
  { watcher, parts, location, stored }: Job,
  { state, json }: StreamFlags,
  context: CommandContext,
): Promise<Told> {
  const progress = createImageProgress(context, { verb: 'watched', stage: 'watching', total: 0 })
  const clock = timeKeeper(context)
  const notes = new Set<string>()
  let skipped = NO_SKIPPED_IMAGES
  const now: ToldEvent[] = []
  let told = stored?.told ?? []
  let { last } = stored ?? {}
  for await (const { part, place } of parts) {
    for (const event of watcher.take(part)) {
      progress.clear()
      context.out.write(json === true ? jsonLine(event) : textLine(event))
      now.push(event)
      told = [...told, packEvent(event)].slice(-MOST_TOLD)
    }
    clock.check(part)
    for (const note of part.notes) {
      if (!notes.has(note)) context.err.write(`pixeldrift: ${visibleText(note)}\n`)
      notes.add(note)
    }
    skipped = mergeSkipped(skipped, part.skipped)
    const newest = part.images.at(-1)
    if (newest) last = { place, id: newest.record.id }
    if (state !== undefined) {
      await writeStreamState(state, { location, last, stream: watcher.save(), told })
    }
    progress.update(watcher.images())
  }
  progress.clear()
  reportSkipped(skipped, context)
  return { now, all: told.map(unpackEvent) }
}

async function writeReport(
  path: string,
  { detector, source, watcher, told, location, context }: Reporting,
): Promise<void> {
  const report = await collectStreamReport(detector, {
    location,
    images: watcher.images(),
    falseAlarmEvery: watcher.falseAlarmEvery,
    madeAt: context.wallClock().toISOString(),
    version: libraryVersion(),
    evidence: watcher.evidence(),
    statuses: watcher.statuses(),
    told: told.all,
    pixelsOf: source && rereadPixels(detector, source),
  })
  await writeOutput(path, await renderStreamPage(report))
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

function summarise(watcher: Watcher, alarms: number): string {
  const changes = alarms === 0 ? 'no change' : formatCountOf(alarms, 'change')
  const now = [...watcher.statuses()]
    .filter(([, status]) => status !== 'watching')
    .map(([source, status]) => describeStatus(source, status))
  return `${[`Watched ${formatCountOf(watcher.images(), 'image')}, ${changes}`, ...now.map(visibleText)].join('; ')}.\n`
}

function exitCode(watcher: Watcher, alarms: number): ExitCode {
  const statuses = new Set(watcher.statuses().values())
  if (alarms > 0 || statuses.has('drift')) return EXIT.drift
  return statuses.has('dependent') ? EXIT.error : EXIT.noDrift
}
