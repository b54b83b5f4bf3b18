import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinBytes, splitBytes } from '../../../src/judging/stream/joined-bytes.ts'
import { readState, writeState } from '../../../src/judging/stream/stream-file.ts'
import { type StreamState, startState } from '../../../src/judging/stream/stream-state.ts'
import { createStreamTests } from '../../../src/judging/stream/stream-tests.ts'
import { binRows, fitRankBins, stateToBytes } from '../../../src/statistics/index.ts'

const values = Float32Array.from({ length: 1000 }, (_, i) => (7 * i) % 100)
const bins = fitRankBins(values.subarray(0, 20), 2)
const reference = {
  columns: [1, 0],
  width: 3,
  bins,
  rows: binRows(bins, values),
  weights: Float64Array.of(0.5, 0.5),
}
const settings = { falseAlarmEvery: 1000, threshold: 'guaranteed', seed: 0 } as const
const tests = createStreamTests(reference, settings)
const key = { baseline: 'b', settings }
const fresh = () => startState(tests, { columns: 2, width: 3, hasBlocks: true })

/** A state with a number of its own everywhere. */
function used(change: Partial<StreamState> = {}): StreamState {
  const state = { ...fresh(), status: 'drift' as const, images: 7, bets: 5, ...change }
  const { change: own, dependence, slow, recovery, recentBets } = state
  const arrays = [own, dependence, slow, recovery, recentBets, state]
  let next = 1
  for (const one of arrays) {
    for (const array of Object.values(one)) {
      if (ArrayBuffer.isView(array))
        (array as Float64Array).forEach((_, i, all) => (all[i] = next++))
    }
  }
  state.recent.values.set([1.5, 2.5, 3.5])
  const record = { id: 'a.png', attributes: { session: 's' } }
  state.recent.images.push({ record, place: 3, hash: 9 })
  return state
}

/** The pieces of a written state, the plain one as it was parsed. */
function piecesOf(bytes: Uint8Array) {
  const [[name, first], ...arrays] = splitBytes(bytes)
  const plain = JSON.parse(new TextDecoder().decode(first)) as Record<string, unknown>
  return { name, plain, arrays }
}

const joined = (plain: unknown, arrays: ReturnType<typeof splitBytes>) =>
  joinBytes([['plain', new TextEncoder().encode(JSON.stringify(plain))], ...arrays])

describe('the file of a stream', () => {
  it('holds all of its state', () => {
    for (const change of [
      { open: { since: 3, carrier: 1 }, block: { name: 'x', images: 2 } },
      { status: 'watching' },
    ] as const) {
      const state = used(change)
      assert.deepEqual(readState(writeState(state, key), fresh(), key), state)
    }
  })

  it('is plain data in JSON, and the arrays of each test in its order', () => {
    const state = used({ open: { since: 3, carrier: 1 } })
    const { name, plain, arrays } = piecesOf(writeState(state, key))
    assert.equal(name, 'plain')
    assert.deepEqual(plain, {
      format: 4,
      key,
      status: 'drift',
      images: 7,
      bets: 5,
      open: { since: 3, carrier: 1 },
      recent: state.recent.images,
    })
    const { change, dependence, slow, recovery, recentBets, recent, track } = state
    const own = { sums: state.sums, alarms: state.alarms, values: recent.values }
    assert.deepEqual(
      arrays,
      [change, dependence, slow, recovery, recentBets, own, track].map((one, i) => [
        `${i}`,
        stateToBytes(one),
      ]),
    )
  })

  it('is refused by another baseline or other options', () => {
    const bytes = writeState(used(), key)
    for (const other of [
      { ...key, baseline: 'c' },
      { ...key, settings: { ...settings, seed: 1 } },
    ]) {
      assert.throws(() => readState(bytes, fresh(), other), { code: 'config.invalid' })
    }
    const reordered = { settings: { seed: 0, threshold: 'guaranteed', falseAlarmEvery: 1000 } }
    assert.equal(readState(bytes, fresh(), { ...reordered, baseline: 'b' }).images, 7)
  })

  it('is refused with what to do where another version wrote it', () => {
    const { plain, arrays } = piecesOf(writeState(used(), key))
    for (const format of [3, 5]) {
      assert.throws(() => readState(joined({ ...plain, format }, arrays), fresh(), key), {
        code: 'artifact.version',
        message: `expected the state of a stream of format 4, got format ${format}`,
        hint: /start anew with another state file/,
      })
    }
  })

  it('is refused where it is no state, or a part is missing or too much', () => {
    const { plain, arrays } = piecesOf(writeState(used(), key))
    assert.equal(readState(joined(plain, arrays), fresh(), key).bets, 5)
    const damaged = [
      joinBytes([]),
      joinBytes(arrays),
      joined({ ...plain, format: '4' }, arrays),
      joined(null, arrays),
      joined(plain, arrays.slice(1)),
      joined(plain, arrays.slice(0, -1)),
      joined(plain, [...arrays, ['more', Uint8Array.of(1)]]),
      joined(
        plain,
        arrays.map(([name, bytes], i) => [name, i === 1 ? bytes.subarray(1) : bytes]),
      ),
    ]
    for (const bytes of damaged) {
      assert.throws(() => readState(bytes, fresh(), key), { code: 'artifact.corrupt' })
    }
  })
})
