import { type Detector, loadDetector } from '../../detector/index.ts'
import { DriftError } from '../../errors.ts'
import type { Measurements } from '../../measuring/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import { renderTable } from '../../wording/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { readBatchArgument } from '../feature-arguments.ts'
import {
  type ImageFlags,
  modelOutputFiles,
  openArgument,
  reportSkipped,
} from '../image-arguments.ts'
import { requireOutputs } from '../outputs.ts'
import { type BatchInput, readMeasurements } from '../read-measurements.ts'
import { type RuntimeFlags, runtimeOptions } from '../runtime-flags.ts'

/** Flags of `pixeldrift rebaseline`. */
export type RebaselineFlags = ImageFlags &
  RuntimeFlags & {
    readonly out: string
    readonly accept?: true | undefined
    readonly json?: true | undefined
  }

/** `pixeldrift rebaseline <detector> <images or features>`: another reference for the same detector. */
export async function runRebaseline(
  { detector: path, images }: { readonly detector: string; readonly images: readonly string[] },
  flags: RebaselineFlags,
  context: CommandContext,
): Promise<ExitCode> {
  await requireOutputs({ '--out': flags.out }, [
    ...images,
    ...Object.values(modelOutputFiles(flags)),
  ])
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
  const named = await readBatchArgument(locations)
  const batch: BatchInput =
    named.kind === 'images'
      ? { kind: 'images', source: await openArgument(named.location, flags, context) }
      : named
  const words = { verb: 'measured', stage: 'measuring' }
  return readMeasurements(detector, batch, { context, words })
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
  const { summary, findings } = verdict.words
  if (json === true) {
    const { severity } = verdict.judgement
    const change = { out, written: accept === true, from, to, severity, summary, findings }
    return `${JSON.stringify(change, null, 2)}\n`
  }
  const rows = Object.keys(from) as (keyof typeof from)[]
  const table = renderTable([
    ['', 'before', 'after'],
    ...rows.map((name) => [NAMES[name], String(from[name]), String(to[name])]),
  ])
  const changes =
    findings.length === 0
      ? ['Nothing stands out in the new reference against the old one.']
      : ['What the new reference shows, against the old one:', ...findings]
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
