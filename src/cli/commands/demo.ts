import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Detector, fit } from '../../detector/index.ts'
import { arrayImages, type ImageSource } from '../../images/index.ts'
import type { ImageScore } from '../../judging/index.ts'
import { collectReport, renderHtmlReport, rereadPixels } from '../../report/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import { renderTable } from '../../wording/index.ts'
import {
  concatenateRows,
  createRandom,
  sliceRows,
  takeRows,
  type Tensor,
} from '../../tensor/index.ts'
import { type CommandContext, EXIT, type ExitCode } from '../context.ts'
import { type Digits, loadDigits, renderLetters } from '../demo-data/index.ts'
import { showFitProgress } from '../fit-progress.ts'
import { createProgressLine, formatDuration } from '../progress.ts'
import { outputError, writeOutput } from '../outputs.ts'

/** Flags of `pixeldrift demo`. */
export type DemoFlags = { readonly out: string; readonly seed?: number; readonly json?: boolean }

const REFERENCE_IMAGES = 20_000
const BATCH = 200
/** Standard deviation of the demo's noise, in pixel units of [0, 1]. */
const NOISE = 0.1
const DIMMED = 0.05

type DemoBatch = { readonly name: string; readonly expected: string; readonly pixels: Tensor }

type DemoResult = {
  readonly name: string
  readonly expected: string
  readonly verdict: Verdict
  readonly report: string
}

/** `pixeldrift demo`: quiet on held-out digits, then what drift looks like. */
export async function runDemo(flags: DemoFlags, context: CommandContext): Promise<ExitCode> {
  const started = context.now()
  const { seed = 0 } = flags
  await mkdir(flags.out, { recursive: true }).catch((cause: unknown) => {
    throw outputError(flags.out, cause)
  })
  const line = createProgressLine(context.err, context.now)
  const digits = await loadDigits()
  const pool = shuffledDigits(digits, seed)
  const detector = await fit(named(sliceRows(pool, 0, REFERENCE_IMAGES), 'MNIST digits'), {
    seed,
    signal: context.signal,
    now: context.wallClock,
    onProgress: showFitProgress(line, context.now),
  }).finally(() => line.clear())
  const fitted = context.now()
  await detector.save(join(flags.out, 'digits.pixeldrift'))
  const results: DemoResult[] = []
  for (const batch of await demoBatches(pool, seed))
    results.push(await checkOne(detector, batch, { folder: flags.out, now: context.wallClock }))
  await detector.close()
  const times = {
    fitSeconds: seconds(fitted - started),
    totalSeconds: seconds(context.now() - started),
  }
  const memoryMegabytes = Math.round(process.resourceUsage().maxRSS / 1024)
  context.out.write(
    flags.json === true
      ? `${JSON.stringify({ ...times, memoryMegabytes, batches: results.map(summary) }, null, 2)}\n`
      : describe(results, { ...times, memoryMegabytes }, flags.out),
  )
  return EXIT.noDrift
}

const seconds = (milliseconds: number): number => Math.round(milliseconds / 100) / 10

function named(pixels: Tensor, location: string): ImageSource {
  return { ...arrayImages(pixels), location }
}

/** Enough digits for the reference and the batches, in random order: MNIST comes sorted by writer. */
function shuffledDigits({ training, test }: Digits, seed: number): Tensor {
  const all = concatenateRows([training.pixels, test.pixels])
  return takeRows(all, createRandom(seed).sample(all.shape[0], REFERENCE_IMAGES + 3 * BATCH))
}

async function demoBatches(pool: Tensor, seed: number): Promise<DemoBatch[]> {
  const random = createRandom(seed)
  const part = (i: number) => {
    const start = REFERENCE_IMAGES + i * BATCH
    return sliceRows(pool, start, start + BATCH)
  }
  const letters = await renderLetters({ count: BATCH, seed })
  const noisy = part(1).data.map((value) =>
    Math.min(1, Math.max(0, value + NOISE * random.normal())),
  )
  return [
    { name: 'held-out digits', expected: 'quiet', pixels: part(0) },
    { name: 'noisy digits', expected: 'drift', pixels: { ...part(1), data: noisy } },
    { name: 'letters A–J', expected: 'drift', pixels: letters.pixels },
    {
      name: 'dimmed digits',
      expected: 'drift: the loss falls',
      pixels: { ...part(2), data: part(2).data.map((value) => value * DIMMED) },
    },
  ]
}

async function checkOne(
  detector: Detector,
  { name, expected, pixels }: DemoBatch,
  { folder, now }: { readonly folder: string; readonly now: () => Date },
): Promise<DemoResult> {
  const source = named(pixels, name)
  const scores: ImageScore[] = []
  const onScores = (some: readonly ImageScore[]) => void scores.push(...some)
  const verdict = await detector.check(source, { now, onScores })
  const report = join(folder, `${name.replaceAll(/[^a-z]+/gi, '-').toLowerCase()}.html`)
  const data = await collectReport(detector, verdict, {
    scores,
    pixelsOf: rereadPixels(detector, source),
  })
  await writeOutput(report, await renderHtmlReport(data))
  return { name, expected, verdict, report }
}

function summary({ name, expected, verdict, report }: DemoResult) {
  const { drift, severity, pValue, score, loss } = verdict.judgement
  return {
    name,
    expected,
    drift,
    severity,
    pValue,
    score,
    relativeIncrease: loss?.relativeIncrease.value ?? null,
    findings: verdict.words.findings,
    report,
  }
}

type Costs = {
  readonly fitSeconds: number
  readonly totalSeconds: number
  readonly memoryMegabytes: number
}

function describe(results: readonly DemoResult[], costs: Costs, folder: string): string {
  const rows = results.map(({ name, expected, verdict: { judgement } }) => [
    name,
    expected,
    judgement.drift ? 'DRIFT' : judgement.severity,
    percent(judgement.loss?.relativeIncrease.value ?? 0),
    judgement.pValue?.toFixed(3) ?? '',
  ])
  const changes = results.map(({ name, verdict }) => [
    name,
    verdict.words.findings[0] ?? 'nothing that stands out',
  ])
  return [
    renderTable([['batch', 'expected', 'verdict', 'loss', 'p-value'], ...rows]),
    '',
    renderTable([['batch', 'what changed most'], ...changes]),
    '',
    `Fitted in ${formatDuration(1000 * costs.fitSeconds)}, all done in ${formatDuration(1000 * costs.totalSeconds)}, ${costs.memoryMegabytes} MB at most.`,
    `Reports with pictures: ${folder}/*.html`,
    'The same on your images:',
    '  npx pixeldrift fit <images> --out detector.pixeldrift',
    '  npx pixeldrift check detector.pixeldrift <images> --report report.html',
    '',
  ].join('\n')
}

function percent(share: number): string {
  return `${share < 0 ? '−' : '+'}${(100 * Math.abs(share)).toFixed(1)}%`
}
