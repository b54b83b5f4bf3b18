import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { loadCifar10 } from '../../evaluation/data/cifar10.ts'
import { createRandom } from '../../src/tensor/index.ts'

const FOLDER = fileURLToPath(new URL('../../out/bench/', import.meta.url))

/** Pictures of one size and format; `working` is the side they are brought to. */
export type PictureSet = {
  readonly name: string
  readonly format: 'jpeg' | 'png'
  readonly height: number
  readonly width: number
  readonly count: number
  readonly working: number
}

/** A folder of such pictures, mosaics of enlarged photographs (CIFAR-10); made at the first call. */
export async function pictureFolder(set: PictureSet): Promise<string> {
  const folder = join(FOLDER, `pictures-${set.name}`)
  if ((await readdir(folder).catch(() => [])).length > 0) return folder
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  const { pixels } = await loadCifar10('test')
  for (let i = 0; i < set.count; i++) {
    const { height, width } = set
    const image = sharp(await mosaic(pixels, set, i), { raw: { width, height, channels: 3 } })
    const encoded = set.format === 'jpeg' ? image.jpeg({ quality: 90 }) : image.png()
    await writeFile(
      join(partial, `${String(i).padStart(5, '0')}.${set.format}`),
      await encoded.toBuffer(),
    )
  }
  await rename(partial, folder)
  return folder
}

const TILE = 32
/** Tiles of large pictures are enlarged so many times, smoothly. */
const ENLARGED = 8

// oxlint-disable-next-line eslint/max-params -- of what, how large, which
async function mosaic(
  pixels: Uint8Array,
  { height, width }: PictureSet,
  seed: number,
): Promise<Uint8Array> {
  const random = createRandom(seed)
  const factor = Math.max(height, width) <= TILE ? 1 : ENLARGED
  const [rows, columns] = [height, width].map((side) => Math.ceil(side / factor))
  const small = new Uint8Array(rows * columns * 3)
  const across = Math.ceil(columns / TILE)
  const tiles = Array.from({ length: across * Math.ceil(rows / TILE) }, () =>
    random.integer(10_000),
  )
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const tile = tiles[Math.floor(y / TILE) * across + Math.floor(x / TILE)]
      const at = (y % TILE) * TILE + (x % TILE)
      for (let channel = 0; channel < 3; channel++) {
        small[(y * columns + x) * 3 + channel] = pixels[(tile * 3 + channel) * TILE * TILE + at]
      }
    }
  }
  if (factor === 1) return small
  return sharp(small, { raw: { width: columns, height: rows, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'cubic' })
    .raw()
    .toBuffer()
}
