import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeImage } from '../../src/images/codec/decode.ts'
import { encodePng } from '../../src/images/index.ts'
import { tensor } from '../../src/tensor/index.ts'

describe('encodePng', () => {
  it('writes colour pixels that decode to the same bytes', async () => {
    const values = Float32Array.from({ length: 3 * 2 * 4 }, (_, i) => (i * 10) / 255)
    const decoded = await decodeImage(await encodePng(tensor([3, 2, 4], values)), 'memory')
    assert.deepEqual(decoded.shape, { channels: 3, height: 2, width: 4 })
    const expected = Array.from({ length: 8 }, (_, i) => [
      i * 10,
      (i + 8) * 10,
      (i + 16) * 10,
    ]).flat()
    assert.deepEqual([...decoded.data], expected)
  })

  it('keeps a single channel grey and clamps what lies outside [0, 1]', async () => {
    const png = await encodePng(tensor([1, 1, 4], Float32Array.of(-0.2, 0, 1, 3)))
    const decoded = await decodeImage(png, 'memory')
    assert.deepEqual(decoded.shape, { channels: 1, height: 1, width: 4 })
    assert.deepEqual([...decoded.data], [0, 0, 255, 255])
  })

  it('refuses shapes that are no picture', async () => {
    await assert.rejects(encodePng(tensor([2, 1, 1], new Float32Array(2))), RangeError)
    await assert.rejects(encodePng(tensor([2, 2], new Float32Array(4))), RangeError)
    await assert.rejects(encodePng(tensor([1, 3, 2, 2], new Float32Array(12))), RangeError)
  })
})
