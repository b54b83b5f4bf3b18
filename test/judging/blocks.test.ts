import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { blockOrder, blocksOf, noteOnBlocks } from '../../src/judging/blocks.ts'
import { fit } from '../../src/detector/index.ts'
import { splitImages } from '../../src/detector/fitting/splits.ts'
import { DriftError } from '../../src/errors.ts'
import { arrayImages, type ImageRecord, type ImageSource } from '../../src/images/index.ts'
import { createRandom, tensor } from '../../src/tensor/index.ts'
import { blobImages } from '../fixtures/blob-images.ts'

const PER_SESSION = 10

/** Sessions of ten images that share a light of their own: dependent images. */
function sessions(count: number, seed: number): ImageSource {
  const pixels = blobImages({ count: count * PER_SESSION, seed, side: 8 })
  const size = 64 * PER_SESSION
  const random = createRandom(seed)
  for (let session = 0; session < count; session++) {
    const light = 0.1 * random.normal()
    const part = pixels.data.subarray(session * size, (session + 1) * size)
    part.forEach((value, i) => {
      part[i] = Math.round(255 * Math.min(1, Math.max(0, value + light))) / 255
    })
  }
  const records = Array.from({ length: count * PER_SESSION }, (_, i) => ({
    id: `s${Math.floor(i / PER_SESSION)}/${i}.png`,
    attributes: { session: `${seed}-${Math.floor(i / PER_SESSION)}` },
  }))
  return arrayImages(pixels, records)
}

describe('blocks', () => {
  const records: ImageRecord[] = [
    { id: 'a/1.png', label: 'x', timestamp: '2026-01-01', attributes: { camera: 'north' } },
    { id: 'b/2.png', label: 'x', timestamp: '2026-01-02', attributes: { camera: 'south' } },
    { id: 'a/3.png', label: 'y', timestamp: '2026-01-01', attributes: { camera: 'south' } },
  ]

  it('are read from a manifest column, the folder, the label or the timestamp', () => {
    const numbers = (by: string) => [...blocksOf(records, by)]
    assert.deepEqual(numbers('camera'), [0, 1, 1])
    assert.deepEqual(numbers('folder'), [0, 1, 0])
    assert.deepEqual(numbers('label'), [0, 0, 1])
    assert.deepEqual(numbers('timestamp'), [0, 1, 0])
  })

  it('that an image lacks are an error naming what there is', () => {
    assert.throws(
      () => blocksOf(records, 'sesion'),
      (error) =>
        error instanceof DriftError &&
        error.code === 'config.invalid' &&
        error.message === 'expected sesion on every image, got only camera on a/1.png',
    )
  })

  it('are brought together without changing what is in them', () => {
    const order = blockOrder(Uint32Array.of(2, 0, 1, 0, 2))
    assert.deepEqual([...order], [1, 3, 2, 0, 4])
  })

  it('are never cut in two by the split', () => {
    const blocks = Uint32Array.from({ length: 200 }, (_, i) => Math.floor(i / 7))
    const pixels = tensor(
      [200, 1, 1, 1],
      Float32Array.from(blocks, (block) => block),
    )
    const hashes = Float64Array.from(blocks, (_, i) => i)
    const { learning, reference } = splitImages(
      { pixels, sideInputs: {}, hashes, blocks },
      'memory',
    )
    const parts = [learning.training, learning.validation, reference]
    const inside = parts.map((part) => new Set(part.pixels.data))
    assert.equal(
      inside.reduce((sum, { size }) => sum + size, 0),
      new Set(blocks).size,
    )
    assert.throws(
      () => splitImages({ pixels, sideInputs: {}, hashes, blocks: new Uint32Array(200) }, 'memory'),
      (error) => error instanceof DriftError && error.code === 'data.insufficient',
    )
  })

  it('keep dependent images from raising false alarms', async () => {
    const clean = Array.from({ length: 8 }, (_, i) => sessions(4, 100 + i))
    const count = async (options: { readonly blockBy?: string }) => {
      const detector = await fit(sessions(60, 1), { epochs: 1, ...options })
      const counts = { alarms: 0, namingFeatures: 0 }
      for (const batch of clean) {
        const {
          judgement: { drift, features },
        } = await detector.check(batch)
        if (drift) counts.alarms++
        if (features.some(({ adjustedPValue }) => adjustedPValue <= 0.05)) counts.namingFeatures++
      }
      await detector.close()
      return counts
    }
    const ignored = await count({})
    assert.ok(ignored.alarms >= 4, 'dependence that is ignored raises alarms')
    assert.ok(ignored.namingFeatures >= 4, 'and calls features changed')
    const known = await count({ blockBy: 'session' })
    assert.equal(known.alarms, 0)
    // At a level of 0.05 three of eight come once in two hundred times.
    assert.ok(known.namingFeatures <= 2)
  })

  it('that are too few to raise any alarm are pointed out', async () => {
    const blocks = (count: number) => Uint32Array.from({ length: count }, (_, i) => i)
    const { blocks: few, reference } = noteOnBlocks(blocks(30), blocks(1), 0.01) ?? {}
    assert.deepEqual([few, reference], [1, 30])
    assert.equal(noteOnBlocks(blocks(99), blocks(1), 0.01), undefined)
    assert.equal(noteOnBlocks(blocks(30), blocks(2), 0.01), undefined)

    const detector = await fit(sessions(30, 1), { epochs: 1, blockBy: 'session' })
    const { judgement } = await detector.check(sessions(1, 9))
    assert.equal(judgement.notes[0].code, 'few-blocks')
    const published = { policy: { kind: 'relative', increase: 0.1 } } as const
    const relative = await detector.check(sessions(1, 9), published)
    assert.ok(!relative.judgement.notes.some(({ code }) => code === 'few-blocks'))
    await detector.close()
  })
})
