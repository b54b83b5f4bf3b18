import { wilsonInterval } from '../../src/statistics/index.ts'

/** Alarms of the batches that share one reference, and so depend on each other. */
export type ReferenceCount = { readonly alarms: number; readonly batches: number }

/** A rate with its 95% interval, and on how many references and batches it stands. */
export type Rate = {
  readonly rate: number
  readonly interval: readonly [low: number, high: number]
  readonly references: number
  readonly batches: number
}

const NORMAL_975 = 1.96
/** With fewer references their spread is not known well enough to take an interval from. */
const FEWEST_REFERENCES = 5

/**
 * The rate over all batches. From five references on its interval is the wider one of Student's over the references
 * and Wilson's over the batches; below that it is Wilson's, which takes batches of one reference for independent.
 */
export function rateOverReferences(counts: readonly ReferenceCount[]): Rate {
  const alarms = counts.reduce((sum, count) => sum + count.alarms, 0)
  const batches = counts.reduce((sum, count) => sum + count.batches, 0)
  const { low, high } = wilsonInterval(alarms, batches)
  const shares = counts.map((count) => count.alarms / count.batches)
  const [lowest, highest] = counts.length < FEWEST_REFERENCES ? [low, high] : meanInterval(shares)
  return {
    rate: rounded(alarms / batches),
    interval: [rounded(Math.min(low, lowest)), rounded(Math.max(high, highest))],
    references: counts.length,
    batches,
  }
}

/** 95% interval of the mean of values that are independent of each other, as rates of references are; within [0, 1]. */
export function meanInterval(values: readonly number[]): [low: number, high: number] {
  const { mean, variance, freedom } = momentsOf(values)
  // Student's t by the first term of its Cornish–Fisher expansion.
  const t = NORMAL_975 + (NORMAL_975 ** 3 + NORMAL_975) / (4 * freedom)
  const reach = t * Math.sqrt(variance / values.length)
  return [Math.max(0, mean - reach), Math.min(1, mean + reach)]
}

/** Mean and variance of some values; a single one has variance 0. */
export function momentsOf(values: readonly number[]): {
  readonly mean: number
  readonly variance: number
  readonly freedom: number
} {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  const freedom = Math.max(1, values.length - 1)
  return { mean, variance: square / freedom, freedom }
}

/** Four digits after the point. */
export function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4
}
