import { type Detector, loadDetector, type Verdict } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import { foldMeasurements, type Measurements } from '../../measuring/index.ts'
import { renderTable } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { partsOf, readBatchArgument } from '../feature-arguments.ts'
import { type ImageFlags, openArgument, reportSkipped, vectorFiles } from '../image-arguments.ts'
import { requireOutputs } from '../outputs.ts'
import { createImageProgress } from '../progress.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'

/** Flags of `pixeldrift rebaseline`. */
export type RebaselineFlags = ImageFlags &
  RuntimeFlags & {
    readonly out: string
    readonly accept?: true
    readonly json?: true
  }

/** `pixeldrift rebaseline <detector> <images or features>`: another reference for the same detector. */
export async function runRebaseline(
  { detector: path, images }: { readonly detector: string; readonly images: readonly string[] },
  flags: RebaselineFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--out': flags.out }, [...images, ...Object.values(vectorFiles(flags))])
  await using detector = await loadDetector(path, runtimeOptions(flags))
  const measurements = await measureReference(detector, images, { flags, context })
  reportSkipped(measurements.skipped, context)
  await using moved = detector.rebaseline(measurements)
  const verdict = await compare(detector, measurements, context)
  context.out.write(present({ detector, moved, verdict }, flags))
  if (flags.accept !== true) {
    throw new DriftError(
      'config.invalid',
      'nothing was written: a baseline is not changed unseen',
      {
        hint: `Read what changes above; where it is meant, run it again with --accept to write ${flags.out}.`,
      },
    )
  }
  await moved.save(flags.out)
  return EXIT.noDrift
}

type Run = { readonly flags: RebaselineFlags; readonly context: CommandContext }

async function measureReference(
  detector: Detector,
  locations: readonly string[],
  { flags, context }: Run,
): Promise<Measurements> {
  const batch = await readBatchArgument(locations)
  const fold = foldMeasurements({
    extractorId: detector.extractor.id,
    columns: detector.extractor.columns,
  })
  if (batch.kind === 'features') {
    for await (const part of partsOf(batch.files)) fold.add(part)
    return fold.taken()
  }
  const source = await openArgument(batch.location, flags, context)
  const total = source.count ?? 0
  const progress = createImageProgress(context, { verb: 'measured', stage: 'measuring', total })
  let done = 0
  try {
    for await (const part of detector.measure(source, { signal: context.signal })) {
      fold.add(part)
      done += part.count
      progress.update(done)
    }
  } finally {
    progress.clear()
  }
  return fold.taken()
}

/** More images would show smaller changes than anyone wants to read of. */
const COMPARED = 1000

/** The new reference, judged by the old one. */
function compare(
  detector: Detector,
  measurements: Measurements,
  { wallClock }: CommandContext,
): Promise<Verdict> {
  const policy = { ...detector.manifest.policy, largestWindow: COMPARED }
  return detector.judge(measurements, { policy, now: wallClock })
}

type Change = {
  readonly detector: Detector
  readonly moved: Detector
  readonly verdict: Verdict
}

function present(
  { detector, moved, verdict }: Change,
  { json, out, accept }: RebaselineFlags,
): string {
  const [from, to] = [detector, moved].map(describe)
  if (json === true) {
    const { severity, summary, findings } = verdict
    const change = { out, written: accept === true, from, to, severity, summary, findings }
    return `${JSON.stringify(change, null, 2)}\n`
  }
  const rows = Object.keys(from) as (keyof typeof from)[]
  const table = renderTable([
    ['', 'before', 'after'],
    ...rows.map((name) => [NAMES[name], String(from[name]), String(to[name])]),
  ])
  const changes =
    verdict.findings.length === 0
      ? ['Nothing stands out in the new reference against the old one.']
      : ['What the new reference shows, against the old one:', ...verdict.findings]
  return `${table}\n\n${changes.join('\n  ')}\n`
}

const NAMES = {
  detector: 'detector',
  baseline: 'baseline',
  reference: 'reference images',
  location: 'from',
  loss: 'baseline loss',
} as const

function describe({ manifest, baseline }: Detector): Record<keyof typeof NAMES, string | number> {
  return {
    detector: manifest.id,
    baseline: baseline.id,
    reference: manifest.counts.reference,
    location: manifest.referenceSource?.location ?? manifest.location,
    loss: Number(baseline.loss.mean.toPrecision(4)),
  }
}
