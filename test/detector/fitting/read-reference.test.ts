import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readReference } from '../../../src/detector/fitting/read-reference.ts'
import { arrayImages } from '../../../src/images/index.ts'
import { tensor } from '../../../src/tensor/index.ts'

/** Images of one pixel whose value is their number over `count`. */
function numbered(count: number) {
  const data = Float32Array.from({ length: count }, (_, i) => i / count)
  return arrayImages(tensor([count, 1, 1, 1], data))
}

const options = {
  shape: { channels: 1, height: 1, width: 1 },
  resize: 'stretch',
  strict: false,
  maxImages: 300,
  seed: 4,
} as const

describe('reading the reference', () => {
  it('takes every image once, in random order, when there are few', async () => {
    const { pixels, records, available } = await readReference(numbered(200), options)
    assert.equal(available, 200)
    const ids = records.map(({ id }) => Number(id))
    assert.notDeepEqual(
      ids,
      ids.toSorted((a, b) => a - b),
    )
    assert.equal(new Set(ids).size, 200)
    assert.ok(ids.every((id, row) => Math.abs(pixels.data[row] - id / 200) < 1e-6))
  })

  it('draws each of many images with the same chance', async () => {
    const total = 3000
    const hits = new Float64Array(10)
    for (let seed = 0; seed < 20; seed++) {
      const { records, available } = await readReference(numbered(total), { ...options, seed })
      assert.equal(available, total)
      assert.equal(new Set(records.map(({ id }) => id)).size, 300)
      for (const { id } of records) hits[Math.floor(Number(id) / 300)]++
    }
    // Each tenth of the source should give 600 of the 6000 draws, with a standard deviation of about 22.
    assert.ok(
      hits.every((hit) => Math.abs(hit - 600) < 90),
      hits.join(', '),
    )
  })

  it('draws the same images for the same seed, others for another', async () => {
    const draw = async (seed: number) => {
      const { records } = await readReference(numbered(1000), { ...options, seed })
      return records.map(({ id }) => id)
    }
    assert.deepEqual(await draw(5), await draw(5))
    assert.notDeepEqual(await draw(5), await draw(6))
  })
})
