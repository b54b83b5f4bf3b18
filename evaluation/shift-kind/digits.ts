import { fit } from '../../src/detector/index.ts'
import { arrayImages, imageShift } from '../../src/images/index.ts'
import { wilsonInterval } from '../../src/statistics/index.ts'
import {
  createRandom,
  type Random,
  sliceRows,
  takeRows,
  type Tensor,
} from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages, unpackLabels } from '../data/packed-images.ts'
import { rate } from '../protocol/alarms.ts'
import { fitClassifier } from '../window/digit-classifier.ts'

const KINDS = ['none', 'prior', 'appearance', 'mixed'] as const

type Kind = (typeof KINDS)[number]

/** Digits 0–4 become this many times more frequent than 5–9 in a prior shift. */
const IMBALANCE = 2.5
const PARTS = { classifier: 15_000, validation: 1_000, fitted: 20_000 }

/** Of each kind, how many batches were called so. */
export type DigitResult = Readonly<
  Record<Kind, { readonly right: number; readonly batches: number }>
>

/** Which detector, and how many batches of which size it is asked about. */
export type DigitOptions = {
  readonly seed: number
  readonly batches: number
  readonly size: number
  readonly threads: number
}

/** Batches of digits in which the classes' shares, the images' look, both or neither change, under a 99% classifier. */
export async function runDigits({
  seed,
  batches,
  size,
  threads,
}: DigitOptions): Promise<DigitResult> {
  const { detector, audit, labels } = await prepare(seed, threads)
  const random = createRandom(seed)
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, { right: 0, batches }])) as {
    [K in Kind]: { right: number; batches: number }
  }
  for (const kind of KINDS) {
    for (let i = 0; i < batches; i++) {
      const batch = await drawBatch({ audit, labels, size, kind }, random)
      const { judgement } = await detector.check(arrayImages(batch), { seed: i })
      if ((judgement.shift?.kind ?? 'none') === kind) counts[kind].right++
    }
  }
  await detector.close()
  return counts
}

/** Shares called right of all detectors' batches. */
export function summariseDigits(results: readonly DigitResult[]): object {
  return Object.fromEntries(
    KINDS.map((kind) => {
      const right = results.reduce((sum, result) => sum + result[kind].right, 0)
      const batches = results.reduce((sum, result) => sum + result[kind].batches, 0)
      const { low, high } = wilsonInterval(right, batches)
      return [kind, { right: rate(right, batches), interval: [low, high], batches }]
    }),
  )
}

async function prepare(seed: number, threads: number) {
  const pool = await loadPooledMnist()
  const order = createRandom(seed).permutation(pool.count)
  const part = (start: number, count: number) => {
    const rows = order.subarray(start, start + count)
    return { pixels: unpackImages(pool, rows), labels: unpackLabels(pool, rows) }
  }
  const { classifier, validation, fitted } = PARTS
  const { model } = await fitClassifier(part(0, classifier), part(classifier, validation), {
    classes: 10,
    seed,
    threads,
    epochs: 3,
  })
  const reference = part(classifier + validation, fitted)
  const records = Array.from(reference.labels, (label, i) => ({
    id: String(i),
    label: String(label),
  }))
  const detector = await fit(arrayImages(reference.pixels, records), {
    seed,
    threads,
    epochs: 3,
    classifier: { model },
    unseenByClassifier: true,
  })
  const { pixels: audit, labels } = part(classifier + validation + fitted, 20_000)
  return { detector, audit, labels }
}

type BatchRequest = {
  readonly audit: Tensor
  readonly labels: Uint8Array
  readonly size: number
  readonly kind: Kind
}

async function drawBatch(
  { audit, labels, size, kind }: BatchRequest,
  random: Random,
): Promise<Tensor> {
  const all = Uint32Array.from(labels, (_, row) => row)
  const rebalanced = kind === 'prior' || kind === 'mixed'
  const kept = rebalanced
    ? all.filter((row) => labels[row] < 5 || random.uniform() < 1 / IMBALANCE)
    : all
  const rows = random.sample(kept.length, size).map((i) => kept[i])
  const pixels = takeRows(audit, rows)
  if (kind === 'none' || kind === 'prior') return pixels
  const moved = await imageShift.apply(sliceRows(pixels, 0, size), {
    random,
    ...imageShift.severities[0],
  })
  return { ...moved, data: moved.data.map((value) => Math.round(value * 255) / 255) }
}
