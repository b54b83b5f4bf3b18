import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { joinBytes, splitBytes } from '../../../src/judging/stream/joined-bytes.ts'

const text = (of: string) => new TextEncoder().encode(of)
const LIST = '[["a",2],["é",0],["c",3]]'
/** The length of the list in four bytes, lowest first, the list, the pieces. */
const WHOLE = Uint8Array.of(text(LIST).length, 0, 0, 0, ...text(LIST), 1, 2, 7, 8, 9)
const PIECES = [
  ['a', Uint8Array.of(1, 2)],
  ['é', Uint8Array.of()],
  ['c', Uint8Array.of(7, 8, 9)],
] as const

const withList = (list: string, ...pieces: readonly number[]) =>
  Uint8Array.of(text(list).length, 0, 0, 0, ...text(list), ...pieces)

describe('named pieces of bytes', () => {
  it('are a list of names and sizes, and the pieces behind it', () => {
    assert.deepEqual(joinBytes(PIECES), WHOLE)
    const long = joinBytes([['x'.repeat(300), Uint8Array.of(5)]])
    assert.deepEqual([...long.subarray(0, 4)], [0x34, 1, 0, 0])
  })

  it('come apart as they were, also out of a larger buffer', () => {
    assert.deepEqual(splitBytes(WHOLE), PIECES)
    const within = Uint8Array.of(9, 9, 9, 9, 9, ...WHOLE, 9).subarray(5, 5 + WHOLE.length)
    assert.deepEqual(splitBytes(within), PIECES)
    assert.deepEqual(splitBytes(joinBytes([])), [])
  })

  it('are refused where they are not whole, or not a list', () => {
    const damaged = [
      new Uint8Array(),
      Uint8Array.of(0, 0, 0),
      Uint8Array.of(0, 0, 0, 0),
      WHOLE.subarray(0, WHOLE.length - 1),
      Uint8Array.of(...WHOLE, 0),
      withList('{"a":1}'),
      withList('["a",'),
      withList('[1]'),
      withList('[["a",3],["b",-1]]', 1, 2),
      withList('[["a",2]]', 1),
      withList('[["a",1]]', 1, 2),
      // No text at all.
      Uint8Array.of(9, 0, 0, 0, 0x5b, 0x5b, 0x22, 0xff, 0x22, 0x2c, 0x30, 0x5d, 0x5d),
    ]
    for (const bytes of damaged) {
      assert.throws(() => splitBytes(bytes), { code: 'artifact.corrupt' }, bytes.join())
    }
  })
})
