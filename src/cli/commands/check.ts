import { type Detector, type ImageScore, loadDetector, type Verdict } from '../../detector/index.ts'
import type { ImageSource } from '../../images/index.ts'
import { collectReport, renderHtmlReport, renderTerminalReport, reportJson } from '../../report/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { type ImageFlags, openArgument, parseInteger } from '../image-arguments.ts'
import { parsePolicy, type PolicyFlags } from '../policy-flags.ts'
import { createProgressLine, createRate } from '../progress.ts'
import { createScoreWriter } from '../score-writer.ts'
import { writeOutput } from '../write-output.ts'

export type CheckFlags = ImageFlags &
  PolicyFlags & {
    readonly report?: string
    readonly json?: boolean
    readonly scores?: string
    readonly strict?: boolean
    readonly seed?: string
    readonly mode?: string
  }

/** `pixeldrift check <detector> <images>`: compares one batch with the reference. */
export async function runCheck(
  detectorPath: string,
  location: string,
  flags: CheckFlags,
  context: CommandContext,
): Promise<ExitCode> {
  const detector = await loadDetector(detectorPath)
  try {
    const source = await openArgument(location, flags)
    const verdict = await check(detector, source, flags, context)
    if (flags.report !== undefined) await writeReport(flags.report, detector, source, verdict)
    context.out.write(flags.json === true ? `${JSON.stringify(verdict, null, 2)}\n` : describe(verdict, flags, context))
    return exitCode(verdict)
  } finally {
    await detector.close()
  }
}

/** Too few images is no all-clear: scripts must not take it for one. */
function exitCode(verdict: Verdict): ExitCode {
  if (verdict.severity === 'insufficient-data') return EXIT.error
  return verdict.drift ? EXIT.drift : EXIT.noDrift
}

async function check(
  detector: Detector,
  source: ImageSource,
  flags: CheckFlags,
  context: CommandContext,
): Promise<Verdict> {
  const line = createProgressLine(context.err, context.now)
  const rate = createRate(context.now)
  const policy = parsePolicy(flags)
  const writer = flags.scores === undefined ? undefined : createScoreWriter(flags.scores)
  try {
    const verdict = await detector.check(source, {
      ...(policy && { policy }),
      ...(flags.mode !== undefined && { mode: flags.mode as 'auto' }),
      ...(flags.seed !== undefined && { seed: parseInteger('--seed', flags.seed) }),
      strict: flags.strict === true,
      signal: context.signal,
      onProgress: (done) => line.update(`checked ${done} images · ${rate('checking', done, source.count ?? 0)}`),
      ...(writer && { onScores: (scores: readonly ImageScore[]) => writer.write(scores) }),
    })
    await writer?.finish()
    return verdict
  } catch (error) {
    await writer?.discard()
    throw error
  } finally {
    line.clear()
  }
}

/** HTML by default; JSON when the name ends in .json. */
async function writeReport(path: string, detector: Detector, source: ImageSource, verdict: Verdict): Promise<void> {
  const data = await collectReport(detector, source, verdict)
  const text = path.endsWith('.json')
    ? `${JSON.stringify(await reportJson(data), null, 2)}\n`
    : await renderHtmlReport(data)
  await writeOutput(path, text)
}

function describe(verdict: Verdict, flags: CheckFlags, { color, out }: CommandContext): string {
  return renderTerminalReport(verdict, {
    color,
    width: out.columns ?? 80,
    ...(flags.report === undefined ? {} : { reportPath: flags.report }),
  })
}
