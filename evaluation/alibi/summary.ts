import type { Both, KolmogorovSmirnovPair, MmdPair } from './compare-pair.ts'

/** Exact p-values around a Bonferroni level of a few dozen columns; how far off the limits are matters here. */
const TAIL = [1e-4, 1e-2] as const

/** How the Kolmogorov–Smirnov tests of some pairs of samples agree. */
export function summariseKolmogorovSmirnov(pairs: readonly KolmogorovSmirnovPair[]): object {
  const columns = pairs.flatMap((pair) => pair.columns)
  const tail = columns.filter(({ exactPValue: p }) => p >= TAIL[0] && p <= TAIL[1])
  return {
    windows: pairs.length,
    tests: columns.length,
    largestDistanceDifference: largest(columns.map(({ distances }) => gap(distances))),
    largestPValueDifference: largest(columns.map(({ pValues }) => gap(pValues))),
    ourLargestError: largest(columns.map((one) => Math.abs(one.pValues.ours - one.exactPValue))),
    alibiLargestError: largest(columns.map((one) => Math.abs(one.pValues.alibi - one.exactPValue))),
    ourShareOfExactInTail: range(tail.map((one) => one.pValues.ours / one.exactPValue)),
    alibiShareOfExactInTail: range(tail.map((one) => one.pValues.alibi / one.exactPValue)),
    ...agreement(pairs.map(({ drifted }) => drifted)),
  }
}

/** How the MMD tests of some pairs of samples agree. */
export function summariseMmd(pairs: readonly MmdPair[]): object {
  // Where no permutation of either side reaches the statistic there is no chance to compare.
  const open = pairs.filter(({ shares }) => shares.ours + shares.alibi > 0)
  const errors = open.map(standardisedDifference)
  return {
    windows: pairs.length,
    medianBandwidth: median(pairs.map(({ bandwidths }) => bandwidths.ours)),
    largestRelativeBandwidthDifference: largest(
      pairs.map(({ bandwidths }) => gap(bandwidths) / bandwidths.alibi),
    ),
    largestRelativeDifference: largest(
      pairs.map(({ statistics }) => gap(statistics) / Math.abs(statistics.alibi)),
    ),
    medianRelativeDifference: median(
      pairs.map(({ statistics }) => gap(statistics) / Math.abs(statistics.alibi)),
    ),
    largestDifferenceToThreshold: largest(
      pairs.map(({ statistics, threshold }) => gap(statistics) / Math.abs(threshold)),
    ),
    windowsWithPAboveZero: open.length,
    pValueDifferenceInStandardErrors: Math.sqrt(
      errors.reduce((sum, one) => sum + one * one, 0) / errors.length,
    ),
    largestInStandardErrors: largest(errors),
    ...agreement(pairs.map(({ drifted }) => drifted)),
  }
}

/** Share of the windows that each side calls drift. */
export function alarmShares(drifted: readonly Both<boolean>[]): Both {
  const share = (side: keyof Both): number =>
    drifted.filter((one) => one[side]).length / drifted.length
  return { ours: share('ours'), alibi: share('alibi') }
}

/**
 * Difference of two shares of random permutations over its standard error √(2 p (1 − p) / permutations); its root mean
 * square is 1 when only chance tells them apart. 0 when both say 0, or both 1.
 */
export function standardisedDifference({ shares, permutations }: MmdPair): number {
  const p = (shares.ours + shares.alibi) / 2
  const error = Math.sqrt((2 * p * (1 - p)) / permutations)
  return error > 0 ? gap(shares) / error : 0
}

function agreement(drifted: readonly Both<boolean>[]): object {
  const count = (ours: boolean, alibi: boolean): number =>
    drifted.filter((one) => one.ours === ours && one.alibi === alibi).length
  return {
    sameDecisions: (count(true, true) + count(false, false)) / drifted.length,
    onlyOursAlarms: count(true, false),
    onlyAlibiAlarms: count(false, true),
  }
}

function gap({ ours, alibi }: Both): number {
  return Math.abs(ours - alibi)
}

function largest(values: readonly number[]): number {
  return values.reduce((most, value) => Math.max(most, value), 0)
}

/** From the least to the largest; null of no values. */
function range(values: readonly number[]): readonly [number, number] | null {
  return values.length === 0 ? null : [Math.min(...values), Math.max(...values)]
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return (low + high) / 2
}
