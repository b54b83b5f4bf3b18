import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { type MixtureProblem, mixtureResidual, nearestMixture } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'
import { parkMiller } from './park-miller.ts'

const SCORES = 40

function randomMeans(components: number, seed: number): Float64Array {
  const random = createRandom(seed)
  return Float64Array.from({ length: components * SCORES }, () => random.normal())
}

function mix(means: Float64Array, shares: readonly number[]): Float64Array {
  return new Float64Array(SCORES).map((_, j) =>
    shares.reduce((sum, share, k) => sum + share * means[k * SCORES + j], 0),
  )
}

const even = new Float64Array(SCORES).fill(1)

type Case = {
  readonly components: number
  readonly scores: number
  readonly seed: number
  /** How many components the target is mixed of; 0 where it is none of theirs. */
  readonly mixed: number
  /** How far the means of the others stand out. */
  readonly blunt: number
  readonly distance: number
  /** The least distance there is, by another optimiser. */
  readonly least: number
  readonly shares: readonly number[]
}

/** Made by test/golden/nearest-mixture.py with NumPy and SciPy. */
const golden = JSON.parse(
  readFileSync(new URL('../golden/nearest-mixture.json', import.meta.url), 'utf8'),
) as readonly Case[]

/** The numbers a case was made with. */
function problemOf({ components, scores, seed, mixed, blunt }: Case): MixtureProblem {
  const random = parkMiller(seed)
  const uniform = () => random.uniform()
  const means = new Float64Array(components * scores).map(uniform)
  for (let i = mixed * scores; i < means.length; i++) means[i] *= blunt
  const drawn = new Float64Array(scores).map(uniform)
  const target = drawn.map((value, j) => {
    if (mixed === 0) return value
    const own = Array.from({ length: mixed }, (_, k) => means[k * scores + j])
    return own.reduce((sum, one) => sum + one, 0) / mixed
  })
  return { means, target, importance: new Float64Array(scores).map(uniform) }
}

function distanceTo(problem: MixtureProblem, shares: Float64Array): number {
  return mixtureResidual(problem, shares).reduce(
    (sum, one, j) => sum + problem.importance[j] * one * one,
    0,
  )
}

describe('nearestMixture', () => {
  for (const expected of golden) {
    const { components, scores, distance, least, shares } = expected
    it(`agrees with NumPy for ${components} components and ${scores} scores`, () => {
      const problem = problemOf(expected)
      const found = nearestMixture(problem)
      shares.forEach((share, k) => assert.ok(Math.abs(found[k] - share) < 1e-8, `${k}`))
      assertClose(distanceTo(problem, found), distance, 1e-6)
      // A component that helps by less than a thousandth is left out, and there are 60 at most.
      assert.ok(distanceTo(problem, found) < (components > 60 ? 0.01 : 1.001 * least + 1e-9))
    })
  }

  it('recovers the shares that a target was mixed with, zeros too', () => {
    const means = randomMeans(6, 1)
    const shares = [0.5, 0, 0.3, 0, 0.15, 0.05]
    const found = nearestMixture({ means, target: mix(means, shares), importance: even })
    shares.forEach((share, k) => assert.ok(Math.abs(found[k] - share) < 1e-3, `${k}: ${found[k]}`))
  })

  it('gives shares of at least 0 that sum to 1, wherever the target lies', () => {
    const means = randomMeans(9, 2)
    const target = mix(means, [3, -2, 0, 0, 0, 0, 0, 0, 0])
    const found = nearestMixture({ means, target, importance: even })
    assert.ok(found.every((share) => share >= 0))
    assert.ok(Math.abs(found.reduce((sum, share) => sum + share, 0) - 1) < 1e-9)
    assert.ok(found[0] > 0.9, `the nearest of all is the first: ${found[0]}`)
  })

  it('leaves no other mixture nearer', () => {
    const means = randomMeans(5, 3)
    const target = randomMeans(1, 4)
    const distance = (shares: Float64Array): number =>
      mixtureResidual({ means, target }, shares).reduce((sum, one) => sum + one * one, 0)
    const found = nearestMixture({ means, target, importance: even })
    const random = createRandom(5)
    for (let i = 0; i < 2000; i++) {
      const weights = Float64Array.from({ length: 5 }, () => -Math.log(1 - random.uniform()))
      const sum = weights.reduce((a, b) => a + b)
      const other = weights.map((weight) => weight / sum)
      assert.ok(distance(other) >= distance(found) - 1e-6)
    }
  })

  it('minds a score as much as it is important', () => {
    // Two components that no mixture of them explains in both scores.
    const means = Float64Array.of(0, 0, 1, 1)
    const target = Float64Array.of(0.2, 0.8)
    const share = (first: number, second: number): number =>
      nearestMixture({ means, target, importance: Float64Array.of(first, second) })[1]
    assert.ok(Math.abs(share(1, 1) - 0.5) < 1e-3)
    assert.ok(Math.abs(share(1, 0) - 0.2) < 1e-3)
    assert.ok(Math.abs(share(0, 1) - 0.8) < 1e-3)
    assert.ok(Math.abs(share(3, 1) - 0.35) < 1e-3)
  })

  it('takes one of components that are alike, and leaves out what is hardly worth it', () => {
    const find = (...means: number[]) => [
      ...nearestMixture({
        means: Float64Array.from(means),
        target: Float64Array.of(0, 0),
        importance: Float64Array.of(1, 1),
      }),
    ]
    assert.deepEqual(find(1, 0, 1, 0), [1, 0])
    // Slopes of 0.9993 and 0.9985 of the squared distance, 1: a thousandth is what it has to be worth.
    assert.deepEqual(find(1, 0, 0.9993, 0.05), [1, 0])
    assert.ok(find(1, 0, 0.9985, 0.06)[1] > 0.2)
  })

  it('finds one component for itself, and any where nothing is important', () => {
    const means = randomMeans(3, 6)
    const none = new Float64Array(SCORES)
    assert.deepEqual(
      [...nearestMixture({ means: means.slice(0, SCORES), target: none, importance: even })],
      [1],
    )
    const found = nearestMixture({ means, target: none, importance: none })
    assert.ok(Math.abs(found.reduce((a, b) => a + b) - 1) < 1e-9)
  })
})
