import { chiSquaredTail } from '../../src/statistics/index.ts'
import type { TestResult } from './two-sample-test.ts'

/** Pearson's χ² test that two rows of counts have the same shares; categories empty in both are left out. */
export function chiSquaredTest(first: ArrayLike<number>, second: ArrayLike<number>): TestResult {
  if (first.length !== second.length) {
    throw new RangeError(`expected equally many counts, got ${first.length} and ${second.length}`)
  }
  const n = total(first)
  const m = total(second)
  let statistic = 0
  let categories = 0
  for (let c = 0; c < first.length; c++) {
    const both = first[c] + second[c]
    if (both === 0) continue
    categories++
    const expected = (both * n) / (n + m)
    statistic += (first[c] - expected) ** 2 * (1 / expected + 1 / (both - expected))
  }
  if (n === 0 || m === 0 || categories < 2) return { statistic: 0, pValue: 1 }
  return { statistic, pValue: chiSquaredTail(statistic, categories - 1) }
}

function total(counts: ArrayLike<number>): number {
  let sum = 0
  for (let c = 0; c < counts.length; c++) sum += counts[c]
  return sum
}
