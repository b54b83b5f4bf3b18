import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { limitImages, openImages, probeShape, type ProbedShape } from '../../src/images/index.ts'
import { npyOf, png, referenceBytes, tarOf, writeFolder, writeOne } from './stored-images.ts'

type Files = Map<string, Uint8Array>

/** A picture of one colour; grey where no colour is given. */
const picture = async (width: number, height: number, colour: readonly number[] = [9, 9, 9]) =>
  png(
    Uint8Array.from({ length: 3 * width * height }, (_, i) => colour[i % 3]),
    3,
    width,
  )

const RED = [200, 30, 40]

/** `count` files of each picture, in the order of the pictures. */
function repeated(...groups: readonly (readonly [picture: Uint8Array, count: number])[]): Files {
  const files: Files = new Map()
  for (const [bytes, count] of groups) {
    for (let i = 0; i < count; i++) files.set(`${String(files.size).padStart(5, '0')}.png`, bytes)
  }
  return files
}

async function probe(files: Files): Promise<ProbedShape> {
  const inFolder = await probeShape(await openImages(await writeFolder(files)))
  const inTar = await probeShape(await openImages(await writeOne('a.tar', await tarOf(files))))
  assert.deepEqual(inTar, inFolder)
  return inFolder
}

describe('the shape of a source', () => {
  it('is that of most images, not of the first, and the others are told of', async () => {
    const files = repeated([await picture(1, 1, RED), 1], [await picture(12, 8, RED), 30])
    const { shape, notes } = await probe(files)
    assert.deepEqual(shape, { channels: 3, height: 8, width: 12 })
    assert.match(
      notes[0],
      /12×8 .* taken for all, 3% of 31 .* another size, 3% of other proportions/,
    )
  })

  it('has the median of sizes that all differ', async () => {
    const sizes = [10, 12, 14, 16, 18].map(
      async (side) => [await picture(side, side, RED), 1] as const,
    )
    const { shape, notes } = await probe(repeated(...(await Promise.all(sizes))))
    assert.deepEqual(shape, { channels: 3, height: 14, width: 14 })
    assert.match(notes[0], /80% of 5 .* another size, all of nearly the same proportions/)
  })

  it('has three channels when colour comes late, even after many grey images', async () => {
    const files = repeated([await picture(6, 4), 400], [await picture(6, 4, RED), 400])
    const { shape, notes } = await probe(files)
    assert.equal(shape.channels, 3)
    assert.match(notes[0], /50% of 256 sampled images are grey/)
  })

  it('has one channel for colour files that are grey throughout, without a note', async () => {
    const files = repeated([await picture(6, 4), 5])
    assert.deepEqual(await probe(files), { shape: { channels: 1, height: 4, width: 6 }, notes: [] })
  })

  it('is found in a source that can only be read from its start', async () => {
    const folder = await openImages(await writeFolder(repeated([await picture(6, 4, RED), 5])))
    const { shape } = await probeShape(limitImages(folder, 3))
    assert.deepEqual(shape, { channels: 3, height: 4, width: 6 })
  })

  it('of an array is what its axes say, colour where any row has some', async () => {
    const grey = npyOf([40, 4, 6, 3], new Uint8Array(40 * 72).fill(7))
    const probeArray = async (bytes: Uint8Array) =>
      (await probeShape(await openImages(await writeOne('a.npy', bytes)))).shape
    assert.deepEqual(await probeArray(grey), { channels: 1, height: 4, width: 6 })
    const coloured = npyOf([40, 4, 6, 3], new Uint8Array(40 * 72).fill(7).fill(9, -1))
    assert.deepEqual(await probeArray(coloured), { channels: 3, height: 4, width: 6 })
  })

  it('is an error that names the first fault where nothing can be read', async () => {
    const source = await openImages(await writeFolder(new Map([['a.png', Buffer.from('BM no')]])))
    await assert.rejects(probeShape(source), { code: 'source.empty', hint: /1 of a sample.*BMP/ })
  })

  it('is told by file when pictures lie among others', async () => {
    const files = new Map([
      ['a.png', await png(referenceBytes(1, 3), 3)],
      ['b.png', new Uint8Array()],
    ])
    const { shape } = await probeShape(await openImages(await writeFolder(files)))
    assert.deepEqual(shape, { channels: 3, height: 4, width: 6 })
  })
})
