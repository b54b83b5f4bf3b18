import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import sharp from 'sharp'
import { openImages, type SkippedImage } from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import { npyOf, png, tarOf, writeFolder } from './stored-images.ts'

const PARTS = 3

/** Pictures, a TIFF of three pages, a damaged picture, and nothing readable in one whole batch. */
async function oddFolder(): Promise<string> {
  const page = (grey: number) => ({
    create: { width: 3, height: 4, channels: 3 as const, background: { r: grey, g: 0, b: 0 } },
  })
  const blank = await Promise.all([1, 2, 3].map(async (g) => sharp(page(g)).png().toBuffer()))
  const pages = await sharp(blank, { join: { animated: true } })
    .tiff()
    .toBuffer()
  const damaged = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0])
  const files = new Map<string, Uint8Array>([['a.tif', pages]])
  for (const name of ['b', 'c', 'g', 'h']) {
    files.set(`${name}.png`, await png(new Uint8Array(36).fill(name.charCodeAt(0)), 3, 4))
  }
  for (const name of ['d', 'e', 'f', 'i']) files.set(`${name}.png`, damaged)
  return writeFolder(files)
}

async function shards(): Promise<string> {
  const picture = await png(new Uint8Array(36).fill(9), 3, 4)
  const pictures = new Map(['a', 'b', 'c'].map((name) => [`${name}.png`, picture]))
  return writeFolder(
    new Map([
      ['1.tar', await tarOf(pictures)],
      ['2.npy', npyOf([5, 4, 3, 3], new Uint8Array(5 * 36).fill(5))],
      ['3.tar', await tarOf(pictures)],
    ]),
  )
}

async function read(location: string, part?: number) {
  const skipped: SkippedImage[] = []
  let counted = 0
  const source = await openImages(location)
  const batches = await collect(source, {
    shape: { channels: 3, height: 4, width: 3 },
    batchSize: 2,
    onSkip: (image) => skipped.push(image),
    onCounted: (images) => (counted = images),
    ...(part !== undefined && { isChosen: (batch) => batch % PARTS === part }),
  })
  return { batches, skipped, counted }
}

describe('chosen batches', () => {
  for (const [title, make] of Object.entries({
    'a folder with damaged pictures and pages': oddFolder,
    shards,
  })) {
    it(`of ${title} are together all of it, each image and each skipped one once`, async () => {
      const location = await make()
      const whole = await read(location)
      const parts = await Promise.all([0, 1, 2].map((part) => read(location, part)))
      const batches = parts.flatMap((part) => part.batches)
      assert.deepEqual(
        batches.toSorted((a, b) => (a.number ?? 0) - (b.number ?? 0)),
        whole.batches,
      )
      const skipped = parts.flatMap((part) => part.skipped)
      assert.deepEqual(
        skipped.toSorted((a, b) => (a.place ?? 0) - (b.place ?? 0)),
        whole.skipped,
      )
      assert.deepEqual(
        parts.map(({ counted }) => counted),
        parts.map(() => whole.counted),
      )
      const places = whole.batches.flatMap((batch) => batch.places ?? [])
      assert.deepEqual(
        [...places, ...whole.skipped.map(({ place }) => place)].toSorted(
          (a, b) => Number(a) - Number(b),
        ),
        Array.from({ length: whole.counted }, (_, i) => i),
      )
    })
  }
})
