import { type Detector, testFeatures } from '../../src/detector/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { columnMean, rowsOf } from './image-task.ts'

export type AlarmRequest = {
  /** Features of the images that batches are drawn from, row-major. */
  readonly values: Float32Array
  readonly batchSize: number
  readonly batches: number
  readonly level: number
  /** Relative rise of the mean loss that the published rule alarms at. */
  readonly increase: number
  readonly seed: number
  readonly mode?: 'auto' | 'exact' | 'fast'
}

/** How many of the drawn batches each rule alarmed on. */
export type AlarmCounts = {
  readonly batches: number
  readonly test: number
  readonly publishedRule: number
}

/** Draws batches without replacement and counts alarms of the window test and of the published one-sided rule. */
export function countAlarms(detector: Detector, request: AlarmRequest): AlarmCounts {
  const { values, batchSize, batches, level, increase, seed, mode = 'auto' } = request
  const width = detector.extractor.columns.length
  const lossColumn = detector.extractor.columns.findIndex(({ name }) => name === 'loss')
  const random = createRandom(seed)
  const baseline = detector.baseline.loss.mean
  let test = 0
  let publishedRule = 0
  for (let i = 0; i < batches; i++) {
    const window = rowsOf(values, width, random.sample(values.length / width, batchSize))
    if (testFeatures(detector, window, { mode, level, seed: seed + 1 + i }).pValue <= level) test++
    if (columnMean(window, width, lossColumn) > (1 + increase) * baseline) publishedRule++
  }
  return { batches, test, publishedRule }
}

/** Adds up counts of the same rules. */
export function addCounts(counts: readonly AlarmCounts[]): AlarmCounts {
  return counts.reduce((sum, next) => ({
    batches: sum.batches + next.batches,
    test: sum.test + next.test,
    publishedRule: sum.publishedRule + next.publishedRule,
  }))
}

/** A rate rounded for the eye. */
export function rate(count: number, of: number): number {
  return Math.round((1e4 * count) / of) / 1e4
}
