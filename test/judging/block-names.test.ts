import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { blockOrder, blocksOf, noteOnBlocks } from '../../src/judging/blocks.ts'

describe('the folder of an image', () => {
  /** Numbers of the folders these lie in, by the order of their first image. */
  const foldersOf = (...ids: readonly string[]) => [
    ...blocksOf(
      ids.map((id) => ({ id })),
      'folder',
    ),
  ]

  it('is all before its last part', () => {
    assert.deepEqual(foldersOf('a/b/1.png', 'a/2.png', 'a/b/3.png', 'a/b//4.png'), [0, 1, 0, 0])
  })

  it('is one for all images in none, and another at the root', () => {
    assert.deepEqual(foldersOf('1.png', '2.png', '/3.png', '/4.png', '/'), [0, 0, 1, 1, 1])
    assert.deepEqual(foldersOf('1.png', './2.png', '//3.png', '/4.png'), [0, 0, 1, 1])
  })

  it('does not depend on slashes at the end', () => {
    assert.deepEqual(foldersOf('a/b/', 'a/c', 'b/c//', 'b/d'), [0, 0, 1, 1])
    assert.deepEqual(foldersOf('a/', '1.png', '/'), [0, 0, 1])
  })
})

describe('blocks', () => {
  it('are numbered as they come, by any name', () => {
    const named = ['x', 'y', 'x', 'z'].map((name) => ({ id: name, attributes: { session: name } }))
    assert.deepEqual([...blocksOf(named, 'session')], [0, 1, 0, 2])
  })

  it('are of labels or of times', () => {
    const records = ['x', 'y', 'x'].map((name) => ({ id: 'a.png', label: name, timestamp: name }))
    assert.deepEqual([...blocksOf(records, 'label')], [0, 1, 0])
    assert.deepEqual([...blocksOf(records, 'timestamp')], [0, 1, 0])
  })

  it('that are missing are an error that says what there is', () => {
    const refused = (record: object) =>
      assert.throws(() => blocksOf([{ id: 'a.png', ...record }], 'camera'), {
        code: 'config.invalid',
        message: /^expected camera on every image, got (no attributes|only day, light) on a\.png$/,
        hint: /manifest carries attributes/,
      })
    refused({})
    refused({ attributes: {} })
    refused({ attributes: { day: '1', light: 'low' } })
    assert.throws(() => blocksOf([{ id: 'a.png' }], 'label'), { code: 'config.invalid' })
    assert.throws(() => blocksOf([{ id: 'a.png' }], 'timestamp'), { code: 'config.invalid' })
  })

  it('keep the order of their first rows, and rows their order', () => {
    assert.deepEqual([...blockOrder(Uint32Array.of(1, 0, 1, 0, 0))], [1, 3, 4, 0, 2])
  })

  it('can raise an alarm once there are ways enough to choose them', () => {
    const blocks = (count: number) => Uint32Array.from({ length: 3 * count }, (_, i) => i % count)
    const isPossible = (m: number, n: number, level: number) =>
      noteOnBlocks(blocks(m), blocks(n), level) === undefined
    // One of m + 1; of (m + 2 over 2); of (m + 3 over 3).
    assert.deepEqual([isPossible(19, 1, 0.05), isPossible(18, 1, 0.05)], [true, false])
    assert.deepEqual([isPossible(5, 2, 0.05), isPossible(4, 2, 0.05)], [true, false])
    assert.deepEqual([isPossible(3, 3, 0.05), isPossible(2, 3, 0.05)], [true, false])
    assert.equal(isPossible(1, 1, 0.5), true)
    assert.deepEqual(noteOnBlocks(blocks(4), blocks(2), 0.05), {
      code: 'few-blocks',
      blocks: 2,
      reference: 4,
      level: 0.05,
    })
  })
})
