import { type Detector, fit, type FitOptions, testFeatures } from '../../src/detector/index.ts'
import { openSession } from '../../src/engine/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { wilsonInterval } from '../../src/statistics/index.ts'
import { createRandom, type Random, takeRows } from '../../src/tensor/index.ts'
import { loadCifar10, missingCifar10 } from '../data/cifar10.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages, unpackLabels } from '../data/packed-images.ts'
import { splitRows } from '../data/splits.ts'
import { defineStudy } from '../harness/study.ts'
import { rate } from '../protocol/alarms.ts'
import { columnMean, rowsOf } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { fitClassifier, predictions } from '../window/digit-classifier.ts'
import type { LabelledImages } from '../window/parts.ts'

/** What the classifier has learned from: the images of the fit until it knew them, a little of them, or others. */
const CASES = ['over-trained', 'early-stopped', 'unseen'] as const
/** What the fit is told: nothing, images apart, or that the classifier has seen none (true of `unseen` alone). */
const FITS = ['default', 'reference', 'stated'] as const

type Case = (typeof CASES)[number]
type Fit = (typeof FITS)[number]
type Data = 'cifar10' | 'mnist'

/** Digits are told apart whether they are known or not: of those the worst case will do. */
const SITUATIONS: readonly (readonly [Data, Case])[] = [
  ...CASES.map((situation) => ['cifar10', situation] as const),
  ['mnist', 'over-trained'],
]

const CLASSES = 10
/** Images of each part, in shares of those that the fit is given. */
const PARTS = { source: 1, reference: 0.375, others: 1, audit: 1 }
const EPOCHS: Readonly<Record<Case, number>> = {
  'over-trained': 30,
  'early-stopped': 4,
  unseen: 30,
}
/** Of the autoencoder: whether outputs count does not depend on how well it learned. */
const AUTOENCODER_EPOCHS = 2
const LEVELS = [0.01, 0.05] as const
/** Classes 0 to 4 are this many times more frequent in the batches that power is measured on. */
const IMBALANCE = 2.5

/** Size of the batches with another mix of classes. */
const MIXED_SIZE = 100

/** Batches of one size: how many alarmed at each level, clean ones and those with another mix of classes. */
type Alarms = {
  readonly size: number
  readonly batches: number
  readonly clean: readonly number[]
  readonly mixed?: readonly number[]
}

type FitResult = {
  readonly fit: Fit
  readonly trust: string
  readonly groups: readonly string[]
  /** Whether a verdict said that the outputs do not count. */
  readonly isNoted: boolean
  readonly confidence: { readonly reference: number; readonly new: number }
  readonly alarms: readonly Alarms[]
}

type Result = {
  /** Of the classifier, on what the fit is given and on new images. */
  readonly accuracy: { readonly source: number; readonly new: number }
  readonly fits: readonly FitResult[]
}

/** Does a classifier that knows the reference raise false alarms, and what remains of its power where it doesn’t? */
export const study = defineStudy({
  title: 'A classifier that knows the reference',
  description:
    'Clean batches against a reference the classifier was trained on, stopped early on, or has not seen.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    seeds: {
      kind: 'integers',
      default: [0, 1, 2],
      quick: [0],
      description: 'references, each with a classifier of its own',
    },
    batches: { kind: 'integer', default: 30, quick: 4, description: 'per size, kind and detector' },
    images: {
      kind: 'integer',
      default: 4000,
      quick: 800,
      description: 'images that the fit is given; a classifier can know so many by heart',
    },
    sizes: {
      kind: 'integers',
      default: [50, 100, 200],
      quick: [50],
      description: 'images in a batch',
    },
  },
  skipReason: missingCifar10,
  cells: ({ seeds, batches, sizes, images }) =>
    SITUATIONS.flatMap(([data, situation]) =>
      seeds.map((seed) => ({ data, situation, seed, batches, sizes, images })),
    ),
  run: async (cell, { threads, log }): Promise<Result> => {
    const parts = await loadStudyParts(cell)
    const learned = cell.situation === 'unseen' ? parts.others : parts.source
    // Judged by what it learns from, it is kept at its most over-trained.
    const validation = cell.situation === 'early-stopped' ? parts.others : learned
    const { model } = await fitClassifier(learned, validation, {
      classes: CLASSES,
      seed: cell.seed,
      threads,
      epochs: EPOCHS[cell.situation],
    })
    const options: FitOptions = {
      seed: cell.seed,
      threads,
      epochs: AUTOENCODER_EPOCHS,
      classifier: { model },
    }
    const told: Readonly<Record<Fit, FitOptions>> = {
      default: {},
      reference: { reference: arrayImages(parts.reference.pixels) },
      stated: { unseenByClassifier: true },
    }
    const fits: FitResult[] = []
    for (const name of FITS) {
      const detector = await fit(arrayImages(parts.source.pixels), { ...options, ...told[name] })
      fits.push({ fit: name, ...(await measureFit(detector, parts.audit, cell)) })
      await detector.close()
    }
    const accuracy = {
      source: await accuracyOf(model, parts.source),
      new: await accuracyOf(model, parts.audit),
    }
    log(`${cell.data}, ${cell.situation}, seed ${cell.seed}: ${JSON.stringify(accuracy)}`)
    return { accuracy, fits }
  },
  summarise: (outcomes, { sizes }) =>
    Object.fromEntries(
      SITUATIONS.map(([data, situation]) => {
        const results = outcomes
          .filter(({ cell }) => cell.data === data && cell.situation === situation)
          .map(({ result }) => result)
        return [`${data}, ${situation}`, summariseCase(results, sizes)]
      }),
    ),
})

type StudyParts = Readonly<Record<keyof typeof PARTS, LabelledImages>>

type PartsOf = { readonly data: Data; readonly seed: number; readonly images: number }

async function loadStudyParts({ data, seed, images }: PartsOf): Promise<StudyParts> {
  const pool = await (data === 'mnist' ? loadPooledMnist() : loadCifar10('train'))
  const sizes = Object.entries(PARTS).map(([name, share]) => [name, Math.round(share * images)])
  const rows = splitRows(
    pool.count,
    Object.fromEntries(sizes) as Record<keyof typeof PARTS, number>,
    seed,
  )
  const part = (name: keyof typeof PARTS): LabelledImages => ({
    pixels: unpackImages(pool, rows[name]),
    labels: unpackLabels(pool, rows[name]),
  })
  return {
    source: part('source'),
    reference: part('reference'),
    others: part('others'),
    audit: part('audit'),
  }
}

type Batches = {
  readonly seed: number
  readonly batches: number
  readonly sizes: readonly number[]
}

async function accuracyOf(model: Uint8Array, { pixels, labels }: LabelledImages): Promise<number> {
  const session = await openSession(model)
  const predicted = predictions((await session.run({ images: pixels }))['logits'])
  await session.close()
  return rate(predicted.filter((label, row) => label === labels[row]).length, labels.length)
}

async function measureFit(
  detector: Detector,
  audit: LabelledImages,
  cell: Batches,
): Promise<Omit<FitResult, 'fit'>> {
  const { columns } = detector.extractor
  const values = await measurePixels(detector.extractor, { pixels: audit.pixels })
  const sample = takeRows(
    audit.pixels,
    Array.from({ length: 50 }, (_, row) => row),
  )
  const { judgement } = await detector.check(arrayImages(sample))
  const at = columns.findIndex(({ name }) => name === 'classifier-confidence')
  const confidence = (table: Float32Array) => rate(columnMean(table, columns.length, at), 1)
  return {
    trust: detector.manifest.outputsTrust ?? 'no classifier',
    groups: [...new Set(columns.map(({ group }) => group))].filter((group) =>
      detector.manifest.features.includes(group),
    ),
    isNoted: judgement.notes.some(({ code }) => code === 'outputs-untrusted'),
    confidence: { reference: confidence(detector.reference.values), new: confidence(values) },
    alarms: cell.sizes.map((size) =>
      countBoth(detector, { values, labels: audit.labels, size, ...cell }),
    ),
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

type Drawing = Batches & {
  readonly values: Float32Array
  readonly labels: Uint8Array
  readonly size: number
}

function countBoth(detector: Detector, drawing: Drawing): Alarms {
  const { values, labels, size, batches, seed } = drawing
  const width = detector.extractor.columns.length
  const random = createRandom(1000 * seed + size)
  const all = Uint32Array.from(labels, (_, row) => row)
  const count = (draw: () => ArrayLike<number>): number[] => {
    const pValues = Array.from({ length: batches }, (_, i) => {
      const window = rowsOf(values, width, draw())
      return testFeatures(detector, window, { mode: 'exact', level: 0.01, seed: i }).pValue
    })
    return LEVELS.map((level) => pValues.filter((pValue) => pValue <= level).length)
  }
  return {
    size,
    batches,
    clean: count(() => random.sample(all.length, size)),
    ...(size === MIXED_SIZE && { mixed: count(() => rebalanced(all, labels, { size, random })) }),
  }
}

function rebalanced(
  all: Uint32Array,
  labels: Uint8Array,
  { size, random }: { readonly size: number; readonly random: Random },
): Uint32Array {
  const kept = all.filter((row) => labels[row] < 5 || random.uniform() < 1 / IMBALANCE)
  return random.sample(kept.length, size).map((i) => kept[i])
}

function summariseCase(results: readonly Result[], sizes: readonly number[]): object {
  const accuracy = {
    source: rate(mean(results.map((one) => one.accuracy.source)), 1),
    new: rate(mean(results.map((one) => one.accuracy.new)), 1),
  }
  const fits = FITS.map((name) => {
    const own = results.flatMap((result) => result.fits.filter((one) => one.fit === name))
    return [name, summariseFit(own, sizes)] as const
  })
  return { accuracy, ...Object.fromEntries(fits) }
}

function summariseFit(fits: readonly FitResult[], sizes: readonly number[]): object {
  const countsFor = (kind: 'clean' | 'mixed', at: number) => {
    const batches = fits.reduce((sum, one) => sum + one.alarms[at].batches, 0)
    return LEVELS.map((level, l) => {
      const perReference = fits.map((one) => one.alarms[at][kind]?.[l] ?? 0)
      const alarms = perReference.reduce((sum, one) => sum + one, 0)
      const { low, high } = wilsonInterval(alarms, batches)
      return [level, { rate: rate(alarms, batches), interval: [low, high], batches, perReference }]
    })
  }
  return {
    trust: [...new Set(fits.map(({ trust }) => trust))].join(' '),
    groups: fits[0]?.groups ?? [],
    noted: rate(fits.filter(({ isNoted }) => isNoted).length, fits.length),
    confidence: {
      reference: rate(mean(fits.map((one) => one.confidence.reference)), 1),
      new: rate(mean(fits.map((one) => one.confidence.new)), 1),
    },
    falseAlarms: Object.fromEntries(
      sizes.map((size, i) => [`n${size}`, Object.fromEntries(countsFor('clean', i))]),
    ),
    power: Object.fromEntries(
      sizes.flatMap((size, i) =>
        size === MIXED_SIZE ? [[`n${size}`, Object.fromEntries(countsFor('mixed', i))]] : [],
      ),
    ),
  }
}
