import {
  loadDetector,
  parseRehearseOptions,
  type Rehearsed,
  type RehearsalProgress,
  type RehearseInput,
} from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { renderRehearsalPage, renderTerminalRehearsal } from '../../report/index.ts'
import type { Rehearsal } from '../../verdict/index.ts'
import { formatCount } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { readBatchArgument } from '../feature-arguments.ts'
import { flagName } from '../flag-names.ts'
import {
  type ImageFlags,
  inOrderOfTime,
  openArgument,
  reportSkipped,
  modelOutputFiles,
} from '../image-arguments.ts'
import { type ChangesFile, openKeptChanges } from '../kept-changes.ts'
import { requireOutputs, writeOutput } from '../outputs.ts'
import { createProgressLine, createRate } from '../progress.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'

/** Flags of `pixeldrift rehearse`. */
export type RehearseFlags = ImageFlags &
  RuntimeFlags &
  Pick<RehearseInput, 'batchSize' | 'falseAlarmEvery' | 'within' | 'changes' | 'runs' | 'seed'> & {
    readonly report?: string | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift rehearse <detector> <history>`: what past images would have told, and what injected changes would. */
export async function runRehearse(
  { detector: path, history }: { readonly detector: string; readonly history: string },
  flags: RehearseFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const { batchSize, falseAlarmEvery, within, changes, runs, seed, report } = flags
  const settings = { batchSize, falseAlarmEvery, within, changes, runs, seed }
  parseRehearseOptions(settings, flagName)
  const inputs = [path, history, ...Object.values(modelOutputFiles(flags))]
  const unfinished = report === undefined ? undefined : `${report}.unfinished`
  await requireOutputs({ '--report': report, 'what is unfinished of --report': unfinished }, inputs)
  await requireImages(history)
  await using detector = await loadDetector(path, runtimeOptions(flags))
  const source = await openArgument(history, inOrderOfTime(flags), context)
  const kept = unfinished === undefined ? undefined : openKeptChanges(unfinished)
  const progress = progressOf(context)
  const rehearsed = await detector.rehearse(source, {
    ...settings,
    kept,
    signal: context.signal,
    now: context.wallClock,
    onProgress: progress.update,
  })
  progress.clear()
  const { skipped } = rehearsed.rehearsal.history
  reportSkipped({ named: skipped, total: skipped.length }, context)
  await writeReport(rehearsed, { report, kept })
  context.out.write(present(rehearsed.rehearsal, flags, context))
  return EXIT.noDrift
}

async function requireImages(history: string): Promise<void> {
  const { kind } = await readBatchArgument([history])
  if (kind === 'images') return
  throw new DriftError(
    'config.invalid',
    `expected images to rehearse with, got features in ${history}`,
    {
      hint: 'Changes are made in the images: give those that the features were measured of.',
    },
  )
}

async function writeReport(
  rehearsed: Rehearsed,
  { report, kept }: { readonly report: string | undefined; readonly kept: ChangesFile | undefined },
): Promise<void> {
  if (report === undefined) return
  const text = report.endsWith('.json')
    ? `${JSON.stringify(rehearsed.rehearsal, null, 2)}\n`
    : await renderRehearsalPage(rehearsed)
  await writeOutput(report, text)
  await kept?.remove()
}

function present(
  rehearsal: Rehearsal,
  { json, report }: Pick<RehearseFlags, 'json' | 'report'>,
  { color, out }: CommandContext,
): string {
  if (json === true) return `${JSON.stringify(rehearsal, null, 2)}\n`
  return renderTerminalRehearsal(rehearsal, {
    color,
    width: out.columns || 80,
    reportPath: report,
  })
}

function progressOf(context: CommandContext) {
  const line = createProgressLine(context.err, context.now)
  const rate = createRate(context.now)
  return {
    update: ({ stage, done, total }: RehearsalProgress): void => {
      const of = total === undefined ? '' : ` of ${formatCount(total)}`
      const text =
        stage === 'history'
          ? `watched ${formatCount(done)}${of} images · ${rate(stage, done, total ?? 0)}`
          : `tried ${formatCount(done)}${of} kinds of change`
      line.update(text)
    },
    clear: () => line.clear(),
  }
}
