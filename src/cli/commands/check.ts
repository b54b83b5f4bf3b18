import { stat } from 'node:fs/promises'
import {
  type CheckInput,
  type Detector,
  loadDetector,
  parseCheckOptions,
} from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { scoreImages } from '../../judging/index.ts'
import type { Measurements } from '../../measuring/index.ts'
import {
  collectReport,
  rereadPixels,
  renderHtmlReport,
  renderTerminalReport,
  reportJson,
} from '../../report/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import { countSkipped } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { readBatchArgument } from '../feature-arguments.ts'
import { flagName } from '../flag-names.ts'
import {
  type ImageFlags,
  modelOutputFiles,
  openArgument,
  reportSkipped,
} from '../image-arguments.ts'
import { requireOutputs, writeOutput } from '../outputs.ts'
import { choosePolicy, type PolicyFlags } from '../policy-flags.ts'
import { type BatchInput, readMeasurements } from '../read-measurements.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'
import { createScoreWriter } from '../score-writer.ts'

/** Flags of `pixeldrift check`. */
export type CheckFlags = ImageFlags &
  RuntimeFlags &
  PolicyFlags &
  Pick<CheckInput, 'mode' | 'seed'> & {
    readonly report?: string | undefined
    readonly scores?: string | undefined
    readonly tolerateFiles?: readonly string[] | undefined
    readonly strict?: true | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift check <detector> <images>`: compares one batch with the reference. */
export async function runCheck(
  { detector: path, images }: { readonly detector: string; readonly images: readonly string[] },
  flags: CheckFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const settings = parseCheckOptions(settingsOf(flags), flagName)
  await requireDetectorFirst(path)
  await requireOutputs({ '--report': flags.report, '--scores': flags.scores }, [
    path,
    ...images,
    ...Object.values(modelOutputFiles(flags)),
  ])
  const batch = await readBatchArgument(images)
  const detector = await loadDetector(path, runtimeOptions(flags))
  try {
    const opened: BatchInput =
      batch.kind === 'images'
        ? { kind: 'images', source: await openArgument(batch.location, flags, context) }
        : batch
    const checked = await check({ detector, batch: opened, settings }, flags, context)
    const { verdict } = checked
    if (flags.report !== undefined) {
      await writeReport(flags.report, { detector, batch: opened, ...checked }).catch(
        (error: unknown) => {
          // The verdict is worth having even where the report failed.
          if (!context.signal.aborted)
            context.out.write(present(verdict, { json: flags.json }, context))
          throw error
        },
      )
    }
    context.out.write(present(verdict, flags, context))
    return exitCode(verdict)
  } finally {
    await detector.close()
  }
}

/** Swapping the two is easy, and a folder is surely no detector. */
async function requireDetectorFirst(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory() !== true) return
  throw new DriftError('config.invalid', `expected a detector file first, got the folder ${path}`, {
    hint: 'The order is `npx pixeldrift check <detector> <images>`.',
  })
}

/**
 * Too few images is no all-clear, nor is a batch half of which could not be read or repeats the other half: scripts must not
 * take it for one.
 */
function exitCode({ judgement }: Verdict): ExitCode {
  const { drift, scoreBasis, count, repeats } = judgement
  if (drift) return EXIT.drift
  const isHalfUnread = countSkipped(judgement) >= count
  const isHalfRepeated = repeats !== undefined && 2 * repeats.again >= repeats.of
  return scoreBasis === 'none' || isHalfUnread || isHalfRepeated ? EXIT.error : EXIT.noDrift
}

function settingsOf(flags: CheckFlags): CheckInput {
  const { mode, seed, strict } = flags
  const tolerateFiles = flags.tolerateFiles as CheckInput['tolerateFiles']
  return { policy: choosePolicy(flags), mode, seed, strict, tolerateFiles }
}

type Job = {
  readonly detector: Detector
  readonly batch: BatchInput
  readonly settings: CheckInput
}

type Checked = { readonly verdict: Verdict; readonly measurements: Measurements }

async function check(
  { detector, batch, settings: { strict, ...judging } }: Job,
  flags: CheckFlags,
  context: CommandContext,
): Promise<Checked> {
  const writer = flags.scores === undefined ? undefined : await createScoreWriter(flags.scores)
  const onPart = (part: Measurements): void => writer?.write(scoreImages(detector.baseline, part))
  try {
    const words = { verb: 'checked', stage: 'checking' }
    const options = { context, words, strict, onPart: writer && onPart }
    const measurements = await readMeasurements(detector, batch, options)
    const verdict = await detector.judge(measurements, { ...judging, now: context.wallClock })
    await writer?.finish()
    reportSkipped(measurements.skipped, context)
    return { verdict, measurements }
  } catch (error) {
    await writer?.discard()
    throw error
  }
}

/** HTML by default; JSON when the name ends in .json. */
async function writeReport(
  path: string,
  { detector, batch, verdict, measurements }: Checked & Pick<Job, 'detector' | 'batch'>,
): Promise<void> {
  const pixelsOf = batch.kind === 'images' ? rereadPixels(detector, batch.source) : undefined
  const scores = scoreImages(detector.baseline, measurements)
  const data = await collectReport(detector, verdict, { scores, pixelsOf })
  const text = path.endsWith('.json')
    ? `${JSON.stringify(reportJson(data), null, 2)}\n`
    : await renderHtmlReport(data)
  await writeOutput(path, text)
}

function present(
  verdict: Verdict,
  { json, report }: { readonly json?: true | undefined; readonly report?: string | undefined },
  { color, out }: CommandContext,
): string {
  if (json === true) return `${JSON.stringify(verdict, null, 2)}\n`
  return renderTerminalReport(verdict, {
    color,
    width: out.columns || 80,
    reportPath: report,
  })
}
