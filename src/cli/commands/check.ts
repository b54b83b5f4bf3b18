import { stat } from 'node:fs/promises'
import {
  type CheckInput,
  type Detector,
  type ImageScore,
  loadDetector,
  parseCheckOptions,
  type Verdict,
} from '../../detector/index.ts'
import { DriftError, throwIfCancelled } from '../../errors.ts'
import type { ImageSource } from '../../images/index.ts'
import { scoreImages } from '../../judging/index.ts'
import { type FeaturesFile, foldMeasurements } from '../../measuring/index.ts'
import {
  collectReport,
  rereadPixels,
  renderHtmlReport,
  renderTerminalReport,
  reportJson,
} from '../../report/index.ts'
import { countSkipped } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { partsOf, readBatchArgument } from '../feature-arguments.ts'
import { flagName } from '../flag-names.ts'
import { type ImageFlags, openArgument, reportSkipped, vectorFiles } from '../image-arguments.ts'
import { requireOutputs, writeOutput } from '../outputs.ts'
import { choosePolicy, type PolicyFlags } from '../policy-flags.ts'
import { createImageProgress } from '../progress.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'
import { createScoreWriter } from '../score-writer.ts'

/** Flags of `pixeldrift check`. */
export type CheckFlags = ImageFlags &
  RuntimeFlags &
  PolicyFlags &
  Pick<CheckInput, 'mode' | 'seed'> & {
    readonly report?: string
    readonly scores?: string
    readonly strict?: true
    readonly json?: true
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
    ...Object.values(vectorFiles(flags)),
  ])
  const batch = await readBatchArgument(images)
  const detector = await loadDetector(path, runtimeOptions(flags))
  try {
    const source =
      batch.kind === 'images' ? await openArgument(batch.location, flags, context) : undefined
    const files = batch.kind === 'features' ? batch.files : []
    const verdict = await check({ detector, source, files, settings }, flags, context)
    if (flags.report !== undefined) {
      await writeReport(flags.report, { detector, source, verdict }).catch((error: unknown) => {
        // The verdict is worth having even where the report failed.
        if (!context.signal.aborted)
          context.out.write(present(verdict, { json: flags.json }, context))
        throw error
      })
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

/** Too few images is no all-clear, nor is a batch half of which could not be read: scripts must not take it for one. */
function exitCode(verdict: Verdict): ExitCode {
  if (verdict.drift) return EXIT.drift
  const isHalfUnread = countSkipped(verdict) >= verdict.count
  return verdict.severity === 'insufficient-data' || isHalfUnread ? EXIT.error : EXIT.noDrift
}

function settingsOf(flags: CheckFlags): CheckInput {
  const { mode, seed, strict } = flags
  const settings = { policy: choosePolicy(flags), mode, seed, strict }
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given)
}

type Job = {
  readonly detector: Detector
  /** Images; without them what was measured before. */
  readonly source: ImageSource | undefined
  readonly files: readonly FeaturesFile[]
  readonly settings: CheckInput
}

async function check(
  { detector, source, files, settings }: Job,
  flags: CheckFlags,
  context: CommandContext,
): Promise<Verdict> {
  const total = source?.count ?? 0
  const progress = createImageProgress(context, { verb: 'checked', stage: 'checking', total })
  const writer = flags.scores === undefined ? undefined : await createScoreWriter(flags.scores)
  try {
    const onProgress = progress.update
    const onScores = (scores: readonly ImageScore[]): void => writer?.write(scores)
    const verdict = await (source === undefined
      ? judgeFiles({ detector, files, settings }, { onProgress, onScores }, context)
      : detector.check(source, {
          ...settings,
          signal: context.signal,
          now: context.wallClock,
          onProgress,
          ...(writer && { onScores }),
        }))
    await writer?.finish()
    progress.clear()
    reportSkipped({ named: verdict.skipped, total: countSkipped(verdict) }, context)
    return verdict
  } catch (error) {
    await writer?.discard()
    throw error
  } finally {
    progress.clear()
  }
}

type Watch = {
  readonly onProgress: (done: number) => void
  readonly onScores: (scores: readonly ImageScore[]) => void
}

/** The verdict on what was measured before: the same as on the images. */
async function judgeFiles(
  { detector, files, settings }: Omit<Job, 'source'>,
  { onProgress, onScores }: Watch,
  { signal, wallClock }: CommandContext,
): Promise<Verdict> {
  const { extractor, baseline } = detector
  const fold = foldMeasurements({ extractorId: extractor.id, columns: extractor.columns })
  let done = 0
  for await (const part of partsOf(files)) {
    throwIfCancelled(signal)
    fold.add(part)
    onScores(scoreImages(baseline, part))
    done += part.images.length
    onProgress(done)
  }
  const { strict: _, ...judging } = settings
  return detector.judge(fold.taken(), { ...judging, now: wallClock })
}

type Judged = {
  readonly detector: Detector
  readonly source: ImageSource | undefined
  readonly verdict: Verdict
}

/** HTML by default; JSON when the name ends in .json. */
async function writeReport(path: string, { detector, source, verdict }: Judged): Promise<void> {
  const pixelsOf = source && rereadPixels(detector, source)
  const data = await collectReport(detector, pixelsOf, verdict)
  const text = path.endsWith('.json')
    ? `${JSON.stringify(reportJson(data), null, 2)}\n`
    : await renderHtmlReport(data)
  await writeOutput(path, text)
}

function present(
  verdict: Verdict,
  { json, report }: { readonly json?: true | undefined; readonly report?: string },
  { color, out }: CommandContext,
): string {
  if (json === true) return `${JSON.stringify(verdict, null, 2)}\n`
  return renderTerminalReport(verdict, {
    color,
    width: out.columns || 80,
    ...(report !== undefined && { reportPath: report }),
  })
}
