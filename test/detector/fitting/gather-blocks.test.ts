import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { gatherBlocks } from '../../../src/detector/fitting/gather-blocks.ts'
import { readReference } from '../../../src/detector/fitting/read-reference.ts'
import { arrayImages, attachModelOutputs } from '../../../src/images/index.ts'
import { createRandom, tensor } from '../../../src/tensor/index.ts'

const COUNT = 60
const SHAPE = { channels: 1, height: 2, width: 2 }

/** Image i is all i/255, and so is what is sideInputs of it; blocks of random sizes. */
async function readNumbered(seed: number) {
  const random = createRandom(seed)
  const records = Array.from({ length: COUNT }, (_, i) => ({
    id: String(i),
    attributes: { block: String(random.integer(7)) },
  }))
  const data = Float32Array.from({ length: COUNT * 4 }, (_, i) => Math.floor(i / 4) / 255)
  const embeddings = Float32Array.from({ length: COUNT * 3 }, (_, i) => Math.floor(i / 3))
  const source = await attachModelOutputs(arrayImages(tensor([COUNT, 1, 2, 2], data), records), {
    embeddings: tensor([COUNT, 3], embeddings),
  })
  const options = { shape: SHAPE, resize: 'stretch', maxImages: 50, strict: true, seed } as const
  return readReference(source, options)
}

describe('images gathered by block', () => {
  it('keep pixels, side inputs, records and hashes together, each block in one piece', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const before = await readNumbered(seed)
      const hashOf = new Map(before.records.map(({ id }, row) => [id, before.hashes[row]]))
      const {
        pixels,
        sideInputs,
        records,
        hashes,
        blocks = new Uint32Array(),
      } = gatherBlocks(before, 'block')
      const names = records.map(({ attributes }) => attributes?.['block'])
      records.forEach(({ id }, row) => {
        const pixel = pixels.data.subarray(4 * row, 4 * row + 4)
        assert.deepEqual(
          [...pixel].map((value) => Math.round(255 * value)),
          Array(4).fill(Number(id)),
        )
        const vector = sideInputs.embeddings?.data.subarray(3 * row, 3 * row + 3) ?? []
        assert.deepEqual([...vector], Array(3).fill(Number(id)))
        assert.equal(hashes[row], hashOf.get(id))
        assert.equal(names.indexOf(names[row]), blocks.indexOf(blocks[row]))
      })
      const starts = names.filter((name, row) => name !== names[row - 1])
      assert.equal(starts.length, new Set(names).size, 'no block is in two pieces')
    }
  })

  it('are not copied: blocks take no more memory', async () => {
    const before = await readNumbered(1)
    const { pixels, sideInputs } = gatherBlocks(before, 'block')
    assert.equal(pixels.data.buffer, before.pixels.data.buffer)
    assert.equal(sideInputs.embeddings?.data.buffer, before.sideInputs.embeddings?.data.buffer)
  })
})
