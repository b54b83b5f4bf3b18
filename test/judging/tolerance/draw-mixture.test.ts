import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { drawMixture } from '../../../src/judging/tolerance/draw-mixture.ts'
import { mixtureAllowances } from '../../../src/judging/tolerance/mixture-allowances.ts'
import type { MixtureModel } from '../../../src/judging/tolerance/mixtures.ts'
import { prepareOmnibusReference } from '../../../src/statistics/index.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const IMAGES = 2000

/** Images 0, 1, … and a copy of each under two changes, 10,000 and 20,000 above it; the copies of a change are near. */
function model(images = IMAGES): MixtureModel {
  const rows = Array.from({ length: images }, (_, i) => i)
  const column = (from: number) => rows.flatMap((i) => [from + i, -i])
  return {
    reference: prepareOmnibusReference(Float32Array.from(column(0)), 2),
    pool: {
      rows: 2 * images,
      values: Float32Array.from([...column(10_000), ...column(20_000)]),
      originals: Uint32Array.from([...rows, ...rows]),
      positions: Float32Array.from([...rows.map(() => 1), ...rows.map(() => 2)]),
      neighbours: images,
    },
    neighbourhoods: [Uint32Array.from(rows), Uint32Array.from(rows, (i) => images + i)],
  } as unknown as MixtureModel
}

function draw(shares: readonly number[], { limit = IMAGES, seed = 1, of = model() } = {}) {
  const random = createRandom(seed)
  const { values, originals } = drawMixture(of, Float64Array.from(shares), { random, limit })
  const changes = [...originals].map((original, i) => (values[2 * i] - original) / 10_000)
  const count = (change: number) => changes.filter((one) => one === change).length
  return { values, originals, counts: [count(0), count(1), count(2)], rows: originals.length }
}

describe('rows of a mixture', () => {
  it('are untouched and changed images in its shares, one of each image at most', () => {
    const { counts, originals, rows, values } = draw([0.5, 0.3, 0.2])
    assert.equal(new Set(originals).size, rows)
    assert.ok(originals.every((original, i) => values[2 * i + 1] === -original))
    ;[0.5, 0.3, 0.2].forEach((share, change) =>
      assert.ok(Math.abs(counts[change] / rows - share) < 0.04, String(counts)),
    )
  })

  it('are all images where the mixture is of one kind', () => {
    assert.deepEqual(draw([1, 0, 0]).counts, [IMAGES, 0, 0])
    assert.deepEqual(draw([0, 1, 0]).counts, [0, IMAGES, 0])
    assert.deepEqual(draw([0, 0, 1]).counts, [0, 0, IMAGES])
  })

  it('are as many as asked for, where there are more', () => {
    const { rows, counts } = draw([0.4, 0.6, 0], { limit: 500 })
    assert.ok(Math.abs(rows - 500) < 60, String(rows))
    assert.ok(Math.abs(counts[0] / rows - 0.4) < 0.07, String(counts))
  })

  it('are others by another seed, and the same by the same', () => {
    assert.deepEqual(
      draw([0.5, 0.5, 0], { limit: 500, seed: 3 }),
      draw([0.5, 0.5, 0], { limit: 500, seed: 3 }),
    )
    assert.notDeepEqual(
      draw([0.5, 0.5, 0], { limit: 500, seed: 4 }).originals,
      draw([0.5, 0.5, 0], { limit: 500, seed: 3 }).originals,
    )
  })

  it('are of either copy at random where an image has several', () => {
    const { counts, rows } = draw([0, 0.5, 0.5])
    assert.ok(rows > 0.9 * IMAGES, String(rows))
    assert.ok(Math.abs(counts[1] / rows - 0.5) < 0.05, String(counts))
  })

  it('hold no heavy image twice, nor make few of all for its sake', () => {
    // A neighbourhood of ten copies has a twentieth of the mixture: each as heavy as a hundred others.
    const narrow = { ...model(), neighbourhoods: [Uint32Array.from({ length: 10 }, (_, i) => i)] }
    const { counts, rows, originals } = draw([0.95, 0.05], { limit: 2 * IMAGES, of: narrow })
    assert.equal(new Set(originals).size, rows)
    assert.equal(counts[1], 10)
    assert.equal(rows, IMAGES)
    // Heavier than a fifth of the mixture, they decide how many there are.
    const heavy = draw([0.7, 0.3], { of: narrow })
    assert.ok(heavy.rows < 100, String(heavy.rows))
    assert.ok(heavy.counts[1] === 10)
  })
})

describe('what a mixture is spared', () => {
  const probes = Float32Array.from({ length: 12 }, (_, i) => (i < 8 ? 1 : 2) + i / 100)
  const allowances = Array.from({ length: 12 }, (_, i) => Float32Array.of(i, 100 - i))
  const spared = (...shares: readonly number[]) => [
    ...mixtureAllowances(model(20), Float64Array.from(shares), { probes, allowances }),
  ]

  it('is the most that the eight nearest probes of a component leave, score by score', () => {
    assert.deepEqual(spared(0, 1, 0), [7, 100])
    // Four of them lie near the second change, four more are the last of the first's.
    assert.deepEqual(spared(0, 0, 1), [11, 96])
  })

  it('is that of its components in their shares, and nothing of the untouched reference', () => {
    assert.deepEqual(spared(1, 0, 0), [0, 0])
    assert.deepEqual(spared(0.5, 0.25, 0.25), [4.5, 49])
  })

  it('is by the middle of a component’s copies, in every dimension', () => {
    const flat = model(20)
    const positions = Float32Array.from({ length: 80 }, (_, i) => (i % 2 === 0 ? 5 : (i >> 1) % 3))
    const plane = { ...flat, pool: { ...flat.pool, positions } }
    const apart = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 5 : i >> 1))
    const far = Float32Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? (i < 20 ? 50 : 5) : 1))
    const own = Array.from({ length: 20 }, (_, i) => Float32Array.of(i))
    const shares = Float64Array.of(0, 1, 0)
    assert.deepEqual([...mixtureAllowances(plane, shares, { probes: apart, allowances: own })], [7])
    assert.deepEqual([...mixtureAllowances(plane, shares, { probes: far, allowances: own })], [17])
  })
})
