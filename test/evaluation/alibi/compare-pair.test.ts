import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type AlibiWorker, encodeSamples } from '../../../evaluation/alibi/alibi-worker.ts'
import { compareKolmogorovSmirnov, compareMmd } from '../../../evaluation/alibi/compare-pair.ts'
import { study } from '../../../evaluation/studies/alibi.ts'
import { createRandom } from '../../../src/tensor/index.ts'

const samples = {
  first: Float32Array.of(1, 10, 2, 20, 3, 30, 4, 40),
  second: Float32Array.of(1, 50, 2, 60, 3, 70, 4, 80),
  columnCount: 2,
}

/** Answers the same whatever it is sent, and keeps the bandwidths it was told. */
function standIn(told: (number | undefined)[]): AlibiWorker {
  return {
    version: '0',
    kolmogorovSmirnov: async () => ({
      distances: [0, 1],
      pValues: [1, 0.01],
      exactPValues: [1, 2 / 70],
      drifted: true,
    }),
    mmd: async (_, { bandwidth }) => {
      told.push(bandwidth)
      return {
        bandwidth: bandwidth ?? 500,
        statistic: 0.5,
        threshold: 0.2,
        pValue: 0,
        drifted: true,
      }
    },
    close: async () => {},
  }
}

describe('a pair of samples', () => {
  it('is compared column by column, and decided after Bonferroni', async () => {
    const { columns, drifted } = await compareKolmogorovSmirnov(standIn([]), samples)
    assert.deepEqual(columns[0].distances, { ours: 0, alibi: 0 })
    assert.deepEqual(columns[1].distances, { ours: 1, alibi: 1 })
    // Of the 70 orders of 4 and 4 values, two part the samples.
    assert.ok(Math.abs(columns[1].pValues.ours - 2 / 70) < 1e-12)
    assert.equal(columns[1].exactPValue, 2 / 70)
    assert.deepEqual(drifted, { ours: false, alibi: true })
  })

  it('has its MMD at our bandwidth, which the other side is told, and at theirs, which it finds itself', async () => {
    const told: (number | undefined)[] = []
    const { ours, alibi } = await compareMmd(standIn(told), samples, { permutations: 19, seed: 1 })
    assert.deepEqual(told, [ours.bandwidths.ours, undefined])
    assert.ok(Math.abs(alibi.bandwidths.ours - 101) < 1e-3)
    assert.equal(alibi.bandwidths.alibi, 500)
  })

  it('counts permutations alike: the identity is no permutation', async () => {
    const random = createRandom(1)
    const far = { ...samples, second: samples.second.map(() => 500 + random.normal()) }
    const { ours } = await compareMmd(standIn([]), far, { permutations: 19, seed: 1 })
    const reached = ours.shares.ours * 19
    assert.ok(Math.abs(reached - Math.round(reached)) < 1e-9)
    assert.ok(reached < 3)
    assert.equal(ours.shares.alibi, 0)
  })

  it('travels as base64 of little-endian float32', () => {
    const { reference, columns } = encodeSamples({
      ...samples,
      first: samples.first.subarray(2, 4),
    })
    assert.equal(columns, 2)
    const bytes = Buffer.from(reference, 'base64')
    assert.deepEqual([bytes.length, bytes.readFloatLE(0), bytes.readFloatLE(4)], [8, 2, 20])
  })
})

describe('the study', () => {
  const VARIABLE = 'PIXELDRIFT_PEER_PYTHON_ALIBI'

  it('is skipped with a word on how to get alibi-detect', async (context) => {
    const before = process.env[VARIABLE]
    context.after(() => {
      if (before === undefined) delete process.env[VARIABLE]
      else process.env[VARIABLE] = before
    })
    process.env[VARIABLE] = '/nowhere/python'
    const reason = await study.skipReason?.({})
    assert.match(reason ?? '', /alibi: run bench\/peers\/setup\.sh alibi.*PYTHON_ALIBI/)
  })
})
