import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { FALSE_DISCOVERY_RATE, findForeign } from '../../src/judging/foreign-images.ts'
import type { Measurements } from '../../src/measuring/values/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'

const columns = [
  { name: 'brightness', group: 'property', title: 'Brightness' },
  { name: 'unusual', group: 'outlier', title: 'Unusualness' },
] as const

const batchOf = (scores: readonly number[]) =>
  ({
    images: scores.map((_, i) => ({ record: { id: `${i}.png` }, place: 2 * i })),
    values: Float32Array.from(scores.flatMap((score) => [0, score])),
  }) as unknown as Measurements

const find = (scores: readonly number[], sortedScores: Float32Array) =>
  findForeign(columns, batchOf(scores), { sortedScores })

const normals = (random: Random, count: number, shift = 0) =>
  Array.from({ length: count }, () => shift + random.normal())

describe('images that look like nothing in the reference', () => {
  const hundred = Float32Array.from({ length: 999 }, (_, i) => i)

  it('are named by their ids and places, most unusual first', () => {
    const scores = Array.from({ length: 20 }, (_, i) => 40 * i)
    assert.deepEqual(find([...scores, 5000, 6000], hundred), {
      images: 2,
      of: 22,
      named: [
        { id: '21.png', place: 42 },
        { id: '20.png', place: 40 },
      ],
      falseDiscoveryRate: 0.1,
    })
  })

  it('are as many as all ranks together allow', () => {
    // Of 100 images the k-th smallest p-value has to be k / 1000 at most: 2 of 999 at least as unusual are one too many for two.
    const ordinary = Array.from({ length: 98 }, () => 500)
    assert.equal(find([...ordinary, 998, 998], hundred)?.images, 2)
    assert.equal(find([...ordinary, 997, 997], hundred), undefined)
    assert.equal(find([...ordinary.slice(1), 997, 998, 999], hundred)?.images, 3)
  })

  it('are named up to a hundred, and counted', () => {
    const many = find(
      Array.from({ length: 150 }, (_, i) => 2000 + i),
      hundred,
    )
    assert.deepEqual([many?.images, many?.named.length], [150, 100])
  })

  it('are by chance in at most a tenth of what is named, over many references, however many are foreign', () => {
    const random = createRandom(5)
    for (const [foreign, size] of [
      [0, 100],
      [5, 100],
      [50, 100],
      [5, 500],
    ]) {
      const shares = Array.from({ length: 400 }, () => {
        const reference = Float32Array.from(normals(random, 1000)).toSorted()
        const scores = [...normals(random, foreign, 4), ...normals(random, size - foreign)]
        const found = find(scores, reference)
        if (found === undefined) return 0
        return found.named.filter(({ place }) => place / 2 >= foreign).length / found.images
      })
      const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length
      // Three standard errors of a share that is 0 or 1.
      assert.ok(mean <= FALSE_DISCOVERY_RATE + 3 * Math.sqrt(0.09 / 400), `${foreign}: ${mean}`)
    }
  })

  it('are found where one in a hundred is', () => {
    const random = createRandom(6)
    const found = Array.from({ length: 20 }, () => {
      const reference = Float32Array.from(normals(random, 3000)).toSorted()
      return find([...normals(random, 10, 8), ...normals(random, 990)], reference)
    })
    const kept = found.map((one) => one?.named.filter(({ place }) => place < 20).length)
    assert.ok(kept.every((count) => count === 10))
  })
})
