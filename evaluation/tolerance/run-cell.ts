import { type Detector, fit, testFeatures } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { createRandom, sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { loadCifar10 } from '../data/cifar10.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { unpackImages } from '../data/packed-images.ts'
import { rowsOf } from '../protocol/image-task.ts'
import { measurePixels } from '../../src/measuring/index.ts'
import { insideScenarios, outsideScenarios, randomInside, type Scenario } from './scenarios.ts'
import { TOLERANCES } from './tolerances.ts'

/** Data sets of the study. */
export const DATA = ['mnist', 'cifar10'] as const

/** One of them. */
export type Data = (typeof DATA)[number]

/** One detector, and how many batches it is asked. */
export type ToleranceCell = {
  readonly data: Data
  readonly tolerance: string
  readonly seed: number
  readonly sizes: readonly number[]
  readonly batches: number
}

/** Batches of one kind and size: alarms at each level, and of the same test told nothing of tolerance. */
export type Count = {
  readonly scenario: string
  readonly isInside: boolean
  readonly size: number
  readonly batches: number
  /** At LEVELS. */
  readonly alarms: readonly number[]
  /** At the first level, of all features against the untouched reference. */
  readonly intolerant: number
}

export type ToleranceResult = {
  readonly counts: readonly Count[]
  readonly untested: readonly string[]
  readonly columns: number
}

/** Stated false-alarm rates. */
export const LEVELS = [0.01, 0.05] as const

/** Images fitted on, 30% of them held out, and images that batches are drawn from. */
const FITTED = 20_000
const AUDITED = 3000
/** What a detector tolerates does not depend on how well its autoencoder learned. */
const EPOCHS = 2
/** Power is measured at this size alone. */
const POWER_SIZE = 200
/** Of the search for the worst mixture: mixtures tried, and batches of each. */
const SEARCH = { mixtures: 8, images: 400, batches: 3, size: 200 }

/** Fits one detector and asks it about every scenario. */
export async function runCell(cell: ToleranceCell, threads: number): Promise<ToleranceResult> {
  const { tolerance, seed } = cell
  const limits = TOLERANCES[tolerance]
  const { fitted, audit } = await loadImages(cell)
  const options = { seed, threads, epochs: EPOCHS, tolerate: limits }
  const detector = await fit(arrayImages(fitted), options)
  const inside = [...insideScenarios(limits), await findWorst(detector, audit, cell)]
  const counts: Count[] = []
  for (const scenario of inside) {
    counts.push(...(await count(detector, { audit, scenario, isInside: true, cell })))
  }
  for (const scenario of outsideScenarios(limits)) {
    counts.push(...(await count(detector, { audit, scenario, isInside: false, cell })))
  }
  const { columns, tolerance: known } = detector.manifest
  await detector.close()
  return { counts, untested: known?.untested ?? [], columns: columns.length }
}

async function loadImages({ data, seed }: ToleranceCell) {
  const pool = data === 'mnist' ? await loadPooledMnist() : await loadCifar10('train')
  const order = createRandom(seed).permutation(pool.count)
  const part = (start: number, size: number) =>
    unpackImages(pool, order.subarray(start, start + size))
  return { fitted: part(0, FITTED), audit: part(FITTED, AUDITED) }
}

type Asked = {
  readonly audit: Tensor
  readonly scenario: Scenario
  readonly isInside: boolean
  readonly cell: ToleranceCell
}

async function count(
  detector: Detector,
  { audit, scenario, isInside, cell }: Asked,
): Promise<Count[]> {
  const { seed, sizes } = cell
  const changed = await scenario.change(audit, createRandom(seed + 1))
  const values = await measurePixels(detector.extractor, { pixels: changed })
  const intolerant = withoutTolerance(detector)
  return (isInside ? sizes : [POWER_SIZE]).map((size) => {
    const batches = batchesOf(size, cell)
    const random = createRandom(1000 * seed + size)
    const alarms = LEVELS.map(() => 0)
    let without = 0
    for (let i = 0; i < batches; i++) {
      const rows = random.sample(AUDITED, size)
      const window = rowsOf(values, detector.extractor.columns.length, rows)
      const { pValue } = testFeatures(detector, window, { level: LEVELS[0], seed: i })
      LEVELS.forEach((level, l) => {
        if (pValue <= level) alarms[l]++
      })
      if (isInside) continue
      if (testFeatures(intolerant, window, { level: LEVELS[0], seed: i }).pValue <= LEVELS[0]) {
        without++
      }
    }
    return { scenario: scenario.name, isInside, size, batches, alarms, intolerant: without }
  })
}

/** Large batches overlap, and cost more: there are fewer of them. */
function batchesOf(size: number, { batches }: ToleranceCell): number {
  return size > POWER_SIZE ? Math.ceil(batches / 4) : batches
}

function withoutTolerance({ manifest, baseline }: Detector) {
  const { tolerance: _, ...strict } = manifest
  const { nearest: __, ...plain } = baseline
  return { manifest: strict, baseline: plain }
}

/** The mixture of those tried that the detector explains worst. */
async function findWorst(
  detector: Detector,
  audit: Tensor,
  { tolerance, seed }: ToleranceCell,
): Promise<Scenario> {
  const random = createRandom(seed + 2)
  const { images, size, batches } = SEARCH
  const tried: { readonly scenario: Scenario; readonly pValue: number }[] = []
  for (let i = 0; i < SEARCH.mixtures; i++) {
    const scenario = randomInside(TOLERANCES[tolerance], random)
    const own = sliceRows(audit, 0, images)
    const values = await measurePixels(detector.extractor, {
      pixels: await scenario.change(own, random),
    })
    let pValue = 0
    for (let b = 0; b < batches; b++) {
      const window = rowsOf(values, detector.extractor.columns.length, random.sample(images, size))
      pValue += testFeatures(detector, window, { level: LEVELS[0], seed: b }).pValue / batches
    }
    tried.push({ scenario, pValue })
  }
  return tried.reduce((worst, one) => (one.pValue < worst.pValue ? one : worst)).scenario
}
