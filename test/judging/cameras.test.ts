import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cameraCode } from '../../src/file-properties.ts'
import { camerasOf } from '../../src/judging/cameras.ts'

describe('camera models', () => {
  it('are known by their codes, those of the reference and of the batch, each once', () => {
    const records = [{ id: 'a', camera: 'X100' }, { id: 'b' }, { id: 'c', camera: 'D850' }]
    const images = [
      { record: { id: 'd', camera: 'D850' }, place: 0, hash: 0 },
      { record: { id: 'e', camera: 'EOS R5' }, place: 1, hash: 1 },
      { record: { id: 'f' }, place: 2, hash: 2 },
    ]
    assert.deepEqual(
      [...camerasOf(records, images)],
      ['X100', 'D850', 'EOS R5'].map((model) => [cameraCode(model), model]),
    )
    assert.deepEqual([...camerasOf(undefined, images).values()], ['D850', 'EOS R5'])
  })
})
