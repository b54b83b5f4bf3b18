import { fit, type FitOptions, type Tolerance } from '../../detector/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { showFitProgress } from '../fit-progress.ts'
import { type ImageFlags, openArgument, parseCount, parseInteger, parseShare } from '../image-arguments.ts'
import { type PolicyFlags, parsePolicy } from '../policy-flags.ts'
import { createProgressLine, formatDuration } from '../progress.ts'

export type FitFlags = ImageFlags &
  PolicyFlags & {
    readonly out: string
    readonly preset?: string
    readonly seed?: string
    readonly epochs?: string
    readonly maxImages?: string
    readonly size?: string
    readonly resize?: string
    readonly tolerate?: readonly string[]
    readonly device?: string
    readonly threads?: string
    readonly resume?: string
    readonly strict?: boolean
    readonly json?: boolean
  }

/** `pixeldrift fit <images>`: learns a detector and writes it to a file. */
export async function runFit(location: string, flags: FitFlags, context: CommandContext): Promise<ExitCode> {
  const started = context.now()
  const line = createProgressLine(context.err, context.now)
  const source = await openArgument(location, flags)
  const detector = await fit(source, {
    ...fitOptions(flags),
    signal: context.signal,
    onProgress: showFitProgress(line, context.now),
  })
  line.clear()
  await detector.save(flags.out)
  await detector.close()
  const { manifest } = detector
  if (flags.json === true) {
    context.out.write(`${JSON.stringify({ ...manifest, path: flags.out }, null, 2)}\n`)
  } else {
    const { training, validation, reference } = manifest.counts
    context.out.write(
      [
        `Fitted detector ${manifest.id} on ${training} training, ${validation} validation and ${reference} held-out reference images`,
        `of ${manifest.shape.join('×')} in ${formatDuration(context.now() - started)}: ${flags.out}`,
        ...manifest.notes.map((note) => `Note: ${note}`),
        `Next: pixeldrift check ${flags.out} <images>`,
        '',
      ].join('\n'),
    )
  }
  return EXIT.noDrift
}

function fitOptions(flags: FitFlags): FitOptions {
  const policy = parsePolicy(flags)
  const number = (flag: string, text: string | undefined) => (text === undefined ? undefined : parseCount(flag, text))
  const settings = {
    preset: flags.preset,
    resize: flags.resize,
    device: flags.device,
    policy,
    seed: flags.seed === undefined ? undefined : parseInteger('--seed', flags.seed),
    epochs: number('--epochs', flags.epochs),
    maxImages: number('--max-images', flags.maxImages),
    workingSide: number('--size', flags.size),
    threads: number('--threads', flags.threads),
    checkpoint: flags.resume,
    strict: flags.strict,
    tolerate: parseTolerance(flags.tolerate ?? []),
  }
  const given = Object.entries(settings).filter(([, value]) => value !== undefined)
  // The detector's own schema checks every value; a wrong word is refused there.
  return Object.fromEntries(given) as FitOptions
}

/** `rotation=10`, `noise=0.1` and so on. */
function parseTolerance(pairs: readonly string[]): Tolerance {
  const entries = pairs.map((pair) => {
    const [name = '', value = ''] = pair.split('=', 2)
    return [name, parseShare(`--tolerate ${name}`, value)]
  })
  return Object.fromEntries(entries) as Tolerance
}
