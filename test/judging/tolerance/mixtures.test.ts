import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  createMixtureModel,
  fitMixture,
  type MixtureModel,
} from '../../../src/judging/tolerance/mixtures.ts'
import { drawMixture } from '../../../src/judging/tolerance/draw-mixture.ts'
import { nearestComparisons } from '../../../src/judging/tolerance/nearest-comparisons.ts'
import { gatherNeighbourhoods } from '../../../src/judging/tolerance/neighbourhoods.ts'
import type { TolerancePool } from '../../../src/judging/tolerance/pool.ts'
import {
  ALLOWED_SCORES,
  meanScores,
  mixtureResidual,
  nearestMixture,
  omnibusExact,
  type OmnibusReference,
  prepareOmnibusReference,
} from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const WIDTH = 3
const groups = [
  { name: 'plain', columns: [0], kind: 'rank' },
  { name: 'tails', columns: [1], kind: 'rank+raw' },
  { name: 'class', columns: [2], kind: 'category' },
] as const

function images(count: number, seed: number): Float32Array {
  const random = createRandom(seed)
  return Float32Array.from({ length: WIDTH * count }, (_, i) =>
    i % WIDTH === 2 ? random.integer(2) : random.normal(),
  )
}

/** Copies of the last images, brighter by up to two in the first two columns; near copies are as bright. */
function changedCopies(values: Float32Array, count: number): TolerancePool {
  const first = values.length / WIDTH - count
  const originals = Uint32Array.from({ length: count }, (_, row) => first + row)
  const positions = Float32Array.from(originals, (_, row) => ((7 * row) % count) / (count / 2))
  return {
    rows: count,
    originals,
    positions,
    values: Float32Array.from({ length: count * WIDTH }, (_, i) => {
      const row = Math.floor(i / WIDTH)
      const value = values[originals[row] * WIDTH + (i % WIDTH)]
      return i % WIDTH === 2 ? value : value + positions[row]
    }),
  }
}

const values = images(600, 1)
const reference = prepareOmnibusReference(values, WIDTH)
const pool = changedCopies(values, 240)
const model = createMixtureModel(reference, pool, groups)

/** Fresh images, brighter by these amounts in turn. */
function batch(count: number, seed: number, ...shifts: readonly number[]): Float32Array {
  return images(count, seed).map((value, i) =>
    i % WIDTH === 2 ? value : value + shifts[Math.floor(i / WIDTH) % shifts.length],
  )
}

const fitTo = (window: Float32Array, options: { largestOf?: number } = {}, own = model) =>
  fitMixture(own, { target: meanScores(own.scale, window), unfitted: new Set() }, options)

/** Mean brightness that a mixture adds. */
const brightnessOf = ({ neighbourhoods }: MixtureModel, shares: Float64Array): number =>
  neighbourhoods.reduce((sum, rows, k) => {
    const mean = rows.reduce((all, row) => all + pool.positions[row], 0) / rows.length
    return sum + shares[k + 1] * mean
  }, 0)

describe('a model of mixtures', () => {
  it('knows the mean of every score of the untouched images, and of their copies in each neighbourhood', () => {
    const { means, squares, neighbourhoods, scale } = model
    const scores = model.places.length
    assert.equal(means.length, scores * (1 + neighbourhoods.length))
    const untouched = meanScores(scale, values)
    untouched.forEach((mean, j) => assert.ok(Math.abs(means[j] - mean) < 1e-6))
    // The same of one neighbourhood: the reference's mean, and what its copies changed of their originals.
    const k = neighbourhoods.length - 1
    const rows = [...neighbourhoods[k]]
    const pick = (from: Float32Array, of: readonly number[]) =>
      Float32Array.from(of.flatMap((row) => [...from.subarray(row * WIDTH, (row + 1) * WIDTH)]))
    const copies = meanScores(scale, pick(pool.values, rows))
    const originals = meanScores(
      scale,
      pick(
        values,
        rows.map((row) => pool.originals[row]),
      ),
    )
    for (let j = 0; j < scores; j++) {
      const expected = untouched[j] + copies[j] - originals[j]
      assert.ok(Math.abs(means[(k + 1) * scores + j] - expected) < 1e-5, `${j}`)
    }
    // The raw value is the last score of the second column.
    const raw = 2 * ALLOWED_SCORES - 2
    const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length
    const own = [...values].filter((_, i) => i % WIDTH === 1)
    assert.ok(Math.abs(squares[raw] - mean(own.map((one) => one * one))) < 1e-5)
    const changed = rows.map((row) => pool.values[row * WIDTH + 1])
    assert.ok(
      Math.abs(squares[(k + 1) * scores + raw] - mean(changed.map((one) => one * one))) < 1e-5,
    )
  })

  it('has the same neighbourhoods whatever is checked', () => {
    assert.deepEqual(model.neighbourhoods, gatherNeighbourhoods(pool, createRandom(1)))
  })

  it('knows the column and the allowance of each score; a share of a class has none', () => {
    const ranks = (column: number) => Array.from({ length: ALLOWED_SCORES - 1 }, () => column)
    assert.deepEqual([...model.columns], [...ranks(0), ...ranks(1), 1, 2, 2])
    const from = (column: number, count: number) =>
      Array.from({ length: count }, (_, s) => column * ALLOWED_SCORES + s)
    assert.deepEqual(
      [...model.places],
      [...from(0, ALLOWED_SCORES - 1), ...from(1, ALLOWED_SCORES), -1, -1],
    )
  })

  it('ranks scores among two thousand images and as many copies', () => {
    const many = images(2100, 5)
    const some = changedCopies(many, 60)
    const large = createMixtureModel(prepareOmnibusReference(many, WIDTH), some, groups)
    const { base } = large.scale
    assert.equal(base.rows, 2000 + 60)
    assert.deepEqual(base.values.subarray(0, 2000 * WIDTH), many.subarray(0, 2000 * WIDTH))
    assert.deepEqual(base.values.subarray(2000 * WIDTH), some.values)
  })
})

describe('the mixture nearest to a batch', () => {
  it('is as bright as the batch, mixed or all alike', () => {
    for (const shifts of [[0], [0.7], [0, 1.4]]) {
      const { shares } = fitTo(batch(3000, 8, ...shifts))
      const mean = shifts.reduce((sum, one) => sum + one, 0) / shifts.length
      assert.ok(Math.abs(shares.reduce((sum, one) => sum + one, 0) - 1) < 1e-9)
      const found = brightnessOf(model, shares)
      assert.ok(Math.abs(found - mean) < 0.08, `${shifts.join()}: ${found}`)
    }
  })

  it('says what it leaves of each score, and how each spreads within it', () => {
    const window = batch(3000, 8, 0, 1.6)
    const target = meanScores(model.scale, window)
    const { shares, residual, deviations } = fitTo(window)
    const scores = target.length
    const moment = (of: Float64Array, j: number) =>
      shares.reduce((sum, share, k) => sum + share * of[k * scores + j], 0)
    target.forEach((one, j) =>
      assert.ok(Math.abs(residual[j] - (one - moment(model.means, j))) < 1e-9),
    )
    // The raw value of the second column: half of the images are brighter by 1.6.
    assert.ok(Math.abs(deviations[2 * ALLOWED_SCORES - 2] - Math.sqrt(1 + 0.64)) < 0.1)
    const beyond = fitTo(batch(3000, 8, 4))
    // The brightest twelfth of the copies are so by 1.92 on average.
    assert.ok(Math.abs(beyond.residual[2 * ALLOWED_SCORES - 2] - 2.08) < 0.2)
  })

  it('is found anew by the spreads within the mixture before, twice; by the largest differences four times', () => {
    const window = batch(500, 8, 0, 1.6)
    const target = meanScores(model.scale, window)
    const scores = target.length
    const { means, squares } = model
    const deviationsOf = (shares: Float64Array) =>
      target.map((_, j) => {
        const moment = (of: Float64Array) =>
          shares.reduce((sum, share, k) => sum + share * of[k * scores + j], 0)
        return Math.sqrt(Math.max(0, moment(squares) - moment(means) ** 2))
      })
    const even = new Float64Array(means.length / scores).fill(scores / means.length)
    for (const largestOf of [undefined, 500]) {
      let shares: Float64Array = even
      let weights: Float64Array = new Float64Array(scores).fill(1)
      for (let round = 0; round < (largestOf === undefined ? 2 : 4); round++) {
        const least = deviationsOf(even).map((one) => one / 10)
        const deviations = deviationsOf(shares).map((one, j) => Math.max(one, least[j]))
        const importance = weights.map((weight, j) => weight / deviations[j] ** 2)
        shares = nearestMixture({ means, target, importance })
        const residual = mixtureResidual({ means, target }, shares)
        if (largestOf === undefined) continue
        weights = weights.map(
          (weight, j) => weight * (1 + (residual[j] ** 2 * largestOf) / (3 * deviations[j]) ** 2),
        )
      }
      const found = fitTo(window, largestOf === undefined ? {} : { largestOf })
      shares.forEach((share, k) => assert.ok(Math.abs(found.shares[k] - share) < 1e-9, `${k}`))
    }
  })

  it('of two components is where each score, by its spread, pulls it', () => {
    // The first score asks for half of the second component, the other one for nine tenths.
    const [means, squares] = [Float64Array.of(0, 0, 1, 1), Float64Array.of(1, 1, 3, 1.25)]
    const target = Float64Array.of(0.5, 0.9)
    const own = { means, squares, columns: Int32Array.of(0, 1) } as unknown as MixtureModel
    /** Closed forms: the variances within a mixture of so much of the second component, and the share that fits best. */
    const variances = (share: number) =>
      [0, 1].map((j) => 1 - share + share * squares[2 + j] - share * share)
    const shareAfter = (rounds: number, largestOf?: number): number => {
      let [share, weights] = [0.5, [1, 1]]
      for (let round = 0; round < rounds; round++) {
        const within = variances(share)
        const [first, second] = weights.map((weight, j) => weight / within[j])
        share = (first * 0.5 + second * 0.9) / (first + second)
        if (largestOf === undefined) continue
        const left = [0.5 - share, 0.9 - share]
        weights = weights.map(
          (weight, j) => weight * (1 + (left[j] ** 2 / within[j]) * (largestOf / 9)),
        )
      }
      return share
    }
    const none = new Set<number>()
    for (const [rounds, options] of [
      [2, {}],
      [4, { largestOf: 90 }],
    ] as const) {
      const [, share] = fitMixture(own, { target, unfitted: none }, options).shares
      const { largestOf } = { largestOf: undefined, ...options }
      assert.ok(Math.abs(share - shareAfter(rounds, largestOf)) < 1e-7, `${share}`)
      for (const other of [rounds - 1, rounds + 1]) {
        assert.ok(Math.abs(share - shareAfter(other, largestOf)) > 1e-4, `${other}`)
      }
    }
    const alone = fitMixture(own, { target, unfitted: new Set([1]) }).shares
    assert.ok(Math.abs(alone[1] - 0.5) < 1e-7)
  })

  it('takes no score for steadier than a tenth of what is tolerated', () => {
    // Of the second component the first score is always two; of both together it spreads by √1.5.
    const own = {
      means: Float64Array.of(0, 0, 2, 2),
      squares: Float64Array.of(1, 1, 4, 5),
      columns: Int32Array.of(0, 1),
    } as unknown as MixtureModel
    const { deviations } = fitMixture(own, { target: Float64Array.of(2, 2), unfitted: new Set() })
    ;[0.1 * Math.sqrt(1.5), 1].forEach((one, j) =>
      assert.ok(Math.abs(deviations[j] - one) < 1e-6, deviations.join()),
    )
  })

  it('is found where a column never varies', () => {
    const still = (rows: Float32Array) => rows.map((value, i) => (i % WIDTH === 0 ? 2 : value))
    const constant = createMixtureModel(
      prepareOmnibusReference(still(values), WIDTH),
      { ...pool, values: still(pool.values) },
      groups,
    )
    for (const options of [{}, { largestOf: 3000 }]) {
      const { shares, deviations } = fitTo(still(batch(3000, 8, 0.7)), options, constant)
      assert.ok(Math.abs(brightnessOf(constant, shares) - 0.7) < 0.1)
      assert.ok(deviations.every((one) => one >= 0))
    }
  })

  it('minds no column that it is told not to', () => {
    const window = batch(3000, 8, 0.5)
    for (let i = 0; i < window.length; i += WIDTH) window[i] += 1
    const target = meanScores(model.scale, window)
    const brightness = (...unfitted: readonly number[]) =>
      brightnessOf(model, fitMixture(model, { target, unfitted: new Set(unfitted) }).shares)
    assert.ok(Math.abs(brightness(0) - 0.5) < 0.1)
    assert.ok(Math.abs(brightness(1) - 1.5) < 0.1)
    const both = brightness()
    assert.ok(both > 0.7 && both < 1.3)
  })

  it('by its largest differences gives up on small ones', () => {
    // The first column moved as tolerated changes move it, the second in a way of its own by a little more.
    const window = batch(2000, 8, 1)
    for (let i = 1; i < window.length; i += WIDTH) window[i] -= 1.2
    const largest = (residual: Float64Array, deviations: Float64Array) =>
      residual.reduce((most, one, j) => Math.max(most, Math.abs(one) / deviations[j]), 0)
    const all = fitTo(window)
    const conspicuous = fitTo(window, { largestOf: 2000 })
    const few = fitTo(window, { largestOf: 0 })
    assert.ok(
      largest(conspicuous.residual, all.deviations) < 0.95 * largest(all.residual, all.deviations),
    )
    assert.notDeepEqual(few.shares, conspicuous.shares)
  })
})

describe('comparisons with what is tolerated', () => {
  const p = (prepared: OmnibusReference, window: Float32Array) =>
    omnibusExact(prepared, window, groups, { permutations: 199, random: createRandom(1) }).pValue

  it('are two mixtures that explain a batch within the tolerance, and none beyond it', () => {
    const nearest = nearestComparisons(reference, { pool, groups })
    const within = batch(150, 9, 0.4, 1.2)
    assert.ok(p(reference, within) < 0.01)
    const comparisons = [...nearest(within, 4)]
    assert.equal(comparisons.length, 2)
    for (const { prepared, originals, allowances } of comparisons) {
      assert.ok(p(prepared, within) > 0.05)
      assert.equal(originals?.length, prepared.rows)
      assert.equal(allowances, undefined)
    }
    const beyond = batch(150, 9, 3.5)
    for (const { prepared } of nearest(beyond, 4)) assert.ok(p(prepared, beyond) < 0.01)
  })

  /** The rows that are drawn for a batch, and those of the two mixtures, of so many rows at most. */
  const drawnFor = (
    own: { readonly of: OmnibusReference; readonly pool: TolerancePool },
    window: Float32Array,
    limit: number,
  ) => {
    const fitted = createMixtureModel(own.of, own.pool, groups)
    const target = meanScores(fitted.scale, window)
    const expected = [{}, { largestOf: window.length / WIDTH }].map((options) => {
      const { shares } = fitMixture(fitted, { target, unfitted: new Set() }, options)
      return drawMixture(fitted, shares, { random: createRandom(4), limit })
    })
    const found = [...nearestComparisons(own.of, { pool: own.pool, groups })(window, 4)]
    return {
      expected,
      found: found.map(({ prepared, originals }) => ({ values: prepared.values, originals })),
    }
  }

  it('are drawn of the mixture that fits, and of the one that fits its largest differences', () => {
    const window = batch(150, 9, 0.4, 1.2)
    for (let i = 1; i < window.length; i += WIDTH) window[i] -= 0.6
    const { found, expected } = drawnFor({ of: reference, pool }, window, 2000)
    assert.deepEqual(found, expected)
    assert.notDeepEqual(expected[0], expected[1])
  })

  it('are of two thousand rows, or of ten for each of the batch', () => {
    const many = images(2600, 5)
    const own = { of: prepareOmnibusReference(many, WIDTH), pool: changedCopies(many, 60) }
    for (const [count, limit] of [
      [30, 2000],
      [240, 2400],
    ]) {
      const { found, expected } = drawnFor(own, batch(count, 9, 0), limit)
      assert.deepEqual(found, expected)
      assert.ok(expected[0].originals.length < limit + 100)
    }
  })

  it('are the same by the same seed', () => {
    const nearest = nearestComparisons(reference, { pool, groups })
    const drawn = (seed: number) => [...nearest(batch(150, 9, 0.4, 1.2), seed)][0].originals
    assert.deepEqual(drawn(4), drawn(4))
    assert.notDeepEqual(drawn(5), drawn(4))
  })

  it('are spared what their components leave unexplained', () => {
    const probed = {
      probes: Float32Array.of(0, 1, 2),
      allowances: [0.1, 0.2, 0.3].map((one) => new Float32Array(WIDTH * ALLOWED_SCORES).fill(one)),
    }
    const spared = nearestComparisons(reference, { pool, groups, probed })
    const [{ allowances }] = [...spared(batch(150, 9, 1), 4)]
    assert.ok(allowances)
    // Of all three probes the most, but for what is left to the untouched reference.
    assert.ok(allowances.every((one) => one === allowances[0]))
    assert.ok(allowances[0] > 0.2 && allowances[0] < 0.3001)
  })
})
