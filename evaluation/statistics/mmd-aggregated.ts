import type { Random } from '../../src/tensor/index.ts'
import { pairwiseDistances, type Pooled, sampleSizes } from './pairwise-distances.ts'
import { ascending, countBelow } from '../../src/statistics/index.ts'
import type { TestResult } from './two-sample-test.ts'

export type MmdAggregatedOptions = {
  readonly random: Random
  /** Level of the decision. Default 0.05. */
  readonly level?: number
  /** Default 10. */
  readonly bandwidths?: number
  /** Draws for the quantiles (B₁). Default 2000. */
  readonly quantileDraws?: number
  /** Draws for the joint level (B₂). Default 2000. */
  readonly levelDraws?: number
  /** Steps of the bisection (B₃). Default 50. */
  readonly bisections?: number
}

/** `reject` is the published decision at the level; `statistic` is 1 − the smallest p over bandwidths. */
export type MmdAggregatedResult = TestResult & { readonly reject: boolean }

/**
 * MMDAgg with Laplace kernels, uniform weights and the wild bootstrap (Schrab et al. 2023,
 * algorithm 1), with the settings of its published Failing Loudly runs; samples of equal size.
 * O(rows² · (columns + bandwidths · draws / 2)).
 */
export function mmdAggregatedTest(
  pooled: Pooled,
  options: MmdAggregatedOptions,
): MmdAggregatedResult {
  const { random, level = 0.05, bandwidths: count = 10, bisections = 50 } = options
  const { quantileDraws = 2000, levelDraws = 2000 } = options
  const [rows, second] = sampleSizes(pooled)
  if (rows !== second) throw new RangeError(`expected equal samples, got ${rows} and ${second}`)
  const distances = pairwiseDistances(pooled, 'l1')
  const drawCount = 1 + quantileDraws + levelDraws
  const signs = drawSigns(rows, drawCount, random)
  const tests = laplaceBandwidths(distances, count).map((bandwidth) => {
    const draws = wildBootstrap(pairKernel(distances, rows, bandwidth), signs)
    // The observed value, drawn with all signs 1, counts among the quantile draws.
    const quantiles = ascending(draws.subarray(0, 1 + quantileDraws))
    return { quantiles, observed: draws[0], level: draws.subarray(1 + quantileDraws, drawCount) }
  })
  return { ...smallestP(tests), reject: decide(tests, { level, bisections }) }
}

type BandwidthTest = {
  readonly quantiles: Float32Array
  readonly observed: number
  readonly level: Float32Array
}

/** Geometric collection from half the smallest to twice the largest distance between the samples. */
export function laplaceBandwidths(distances: Float32Array, count: number): number[] {
  const rows = Math.sqrt(distances.length) / 2
  const used = Math.min(rows, 500)
  const between = new Float32Array(used * used)
  for (let i = 0; i < used; i++) {
    const from = i * 2 * rows + rows
    between.set(distances.subarray(from, from + used), i * used)
  }
  between.sort()
  const smallest =
    between[0] < 0.1 ? Math.max(between[Math.floor(between.length * 0.05)], 0.1) : between[0]
  const low = smallest / 2
  const high = Math.max(between[between.length - 1], 0.3) * 2
  const power = (high / low) ** (1 / (count - 1))
  return Array.from({ length: count }, (_, i) => low * power ** i)
}

/** k(xᵢ, xⱼ) + k(yᵢ, yⱼ) − k(xᵢ, yⱼ) − k(yᵢ, xⱼ) below the diagonal, rows × rows. */
function pairKernel(distances: Float32Array, rows: number, bandwidth: number): Float32Array {
  const all = 2 * rows
  const kernel = (i: number, j: number): number => Math.exp(-distances[i * all + j] / bandwidth)
  const pairs = new Float32Array(rows * rows)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      pairs[i * rows + j] =
        kernel(i, j) + kernel(rows + i, rows + j) - kernel(i, rows + j) - kernel(rows + i, j)
    }
  }
  return pairs
}

// Signs of 256 draws of 1,000 rows stay within a core's cache.
const DRAWS_AT_ONCE = 256

/** Random signs in blocks of rows × DRAWS_AT_ONCE; the very first draw is all 1. */
function drawSigns(rows: number, draws: number, random: Random): Float32Array[] {
  const blocks = Math.ceil(draws / DRAWS_AT_ONCE)
  return Array.from({ length: blocks }, (_, block) => {
    const signs = new Float32Array(rows * DRAWS_AT_ONCE)
    for (let i = 0; i < signs.length; i++) {
      const observed = block === 0 && i % DRAWS_AT_ONCE === 0
      signs[i] = observed || random.uniform() < 0.5 ? 1 : -1
    }
    return signs
  })
}

/** Σ_{i>j} εᵢ εⱼ hᵢⱼ for every draw of signs; half of the published sum, which no comparison notices. */
function wildBootstrap(pairs: Float32Array, blocks: readonly Float32Array[]): Float32Array {
  const draws = new Float32Array(blocks.length * DRAWS_AT_ONCE)
  blocks.forEach((signs, block) => draws.set(signedSums(pairs, signs), block * DRAWS_AT_ONCE))
  return draws
}

function signedSums(pairs: Float32Array, signs: Float32Array): Float64Array {
  const rows = Math.sqrt(pairs.length)
  const sums = new Float64Array(DRAWS_AT_ONCE)
  const image = new Float64Array(DRAWS_AT_ONCE)
  for (let i = 1; i < rows; i++) {
    image.fill(0)
    for (let j = 0; j < i; j++) {
      const weight = pairs[i * rows + j]
      const from = j * DRAWS_AT_ONCE
      for (let b = 0; b < DRAWS_AT_ONCE; b++) image[b] += weight * signs[from + b]
    }
    for (let b = 0; b < DRAWS_AT_ONCE; b++) sums[b] += signs[i * DRAWS_AT_ONCE + b] * image[b]
  }
  return sums
}

/** Bisection for the largest quantile level u at which the joint level holds (eq. 13). */
function decide(
  tests: readonly BandwidthTest[],
  { level, bisections }: { readonly level: number; readonly bisections: number },
): boolean {
  const count = tests.length
  let low = 0
  let high = count
  for (let step = 0; step < bisections; step++) {
    const middle = (low + high) / 2
    if (jointLevel(tests, middle / count) <= level) low = middle
    else high = middle
  }
  return tests.some((test) => test.observed > quantile(test, low / count))
}

function jointLevel(tests: readonly BandwidthTest[], tail: number): number {
  const quantiles = tests.map((test) => quantile(test, tail))
  const draws = tests[0].level.length
  let exceeding = 0
  for (let b = 0; b < draws; b++) {
    if (tests.some((test, t) => test.level[b] > quantiles[t])) exceeding++
  }
  return exceeding / draws
}

function quantile({ quantiles }: BandwidthTest, tail: number): number {
  return quantiles[Math.max(0, Math.ceil(quantiles.length * (1 - tail)) - 1)]
}

/** The p-value of the same aggregation: the smallest p over bandwidths among those of the level draws. */
function smallestP(tests: readonly BandwidthTest[]): TestResult {
  const smallest = (pick: (test: BandwidthTest) => number): number =>
    Math.min(
      ...tests.map((test) => {
        const { quantiles } = test
        return (quantiles.length - countBelow(quantiles, pick(test))) / quantiles.length
      }),
    )
  const observed = smallest((test) => test.observed)
  const draws = tests[0].level.length
  let reaching = 1
  for (let b = 0; b < draws; b++) if (smallest((test) => test.level[b]) <= observed) reaching++
  return { statistic: 1 - observed, pValue: reaching / (draws + 1) }
}
