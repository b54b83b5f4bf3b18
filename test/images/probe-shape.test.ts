import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
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
    const shape = { channels: 1, height: 4, width: 6 }
    assert.deepEqual(await probe(files), { shape, depth: 8, notes: [] })
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

  it('comes with the depth that most images have, and with a note on the others', async () => {
    const deep = await sharp(new Uint16Array(24 * 3).fill(1000), {
      raw: { width: 6, height: 4, channels: 3 },
    })
      .toColourspace('rgb16')
      .png()
      .toBuffer()
    const shallow = await picture(6, 4, RED)
    const mostlyDeep = await probe(repeated([deep, 3], [shallow, 2]))
    assert.equal(mostlyDeep.depth, 16)
    assert.match(mostlyDeep.notes.join(), /40% of 5 sampled images hold 8 bits a channel/)
    const mostlyShallow = await probe(repeated([deep, 2], [shallow, 3]))
    assert.equal(mostlyShallow.depth, 8)
    assert.match(
      mostlyShallow.notes.join(),
      /40% of 5 .* more than 8 bits a channel: all are rounded/,
    )
  })

  it('of large photographs is found from a small copy', async () => {
    const photo = (space: 'srgb' | 'b-w', background: string): Promise<Buffer> =>
      sharp({ create: { width: 900, height: 600, channels: 3, background } })
        .toColourspace(space)
        .withMetadata({ orientation: 6 })
        .jpeg()
        .toBuffer()
    const colour = await probe(repeated([await photo('srgb', '#c81e28'), 2]))
    assert.deepEqual(colour.shape, { channels: 3, height: 900, width: 600 })
    const grey = await probe(repeated([await photo('b-w', '#777777'), 2]))
    assert.deepEqual(grey.shape, { channels: 1, height: 900, width: 600 })
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
