import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { jpegCompression, openImages } from '../../src/images/index.ts'
import { createRandom, type Tensor, tensor } from '../../src/tensor/index.ts'
import { cachedImages } from './array-cache.ts'
import type { PackedImages } from './packed-images.ts'

const FOLDER = fileURLToPath(new URL('../../out/photographs/', import.meta.url))

/** Longer side of a photograph before it is cut: detail of a pixel, where the files have several of blur. */
const LONGER = 1280
/** Standard deviation that a piece is kept from: sky alone shows nothing. */
const FLAT = 0.06
/** Quality and colour resolution that pieces are stored with. */
const QUALITY = 75

/** Why `loadPieces` would fail here; undefined when it would not. */
export async function missingPieces(): Promise<string | undefined> {
  const names = await photographs()
  return names.length > 0
    ? undefined
    : `photographs to cut are absent: no JPEG in ${FOLDER} (bash evaluation/data/fetch-photographs.sh)`
}

/** Square pieces of all photographs side by side, none twice, none flat, each labelled by its photograph; minutes at the first call. */
export async function loadPieces(side: number): Promise<PackedImages> {
  const names = await photographs()
  return cachedImages(
    `pieces-${side}`,
    names.map((name) => FOLDER + name),
    async () => {
      const parts: Uint8Array[] = []
      const labels: number[] = []
      for (const [label, name] of names.entries()) {
        for (const piece of await cut(FOLDER + name, side)) {
          parts.push(piece)
          labels.push(label)
        }
      }
      return {
        shape: { channels: 3, height: side, width: side },
        count: labels.length,
        pixels: Buffer.concat(parts),
        labels: Uint8Array.from(labels),
        classes: names,
      }
    },
  )
}

async function photographs(): Promise<string[]> {
  const names = await readdir(FOLDER).catch((): string[] => [])
  return names.filter((name) => name.endsWith('.jpg')).toSorted()
}

/** In 8 bits, each stored once more as JPEG, flat ones left out. */
async function cut(path: string, side: number): Promise<Uint8Array[]> {
  const source = await openImages(path)
  const shape = { channels: 3, height: LONGER, width: LONGER } as const
  const reading = { shape, resize: 'contain', batchSize: 1, strict: true } as const
  const pieces: Uint8Array[] = []
  for await (const { pixels } of source.batches(reading)) {
    const all = piecesOf(pixels, side)
    const stored = await jpegCompression.apply(all, { random: createRandom(0), quality: QUALITY })
    const size = 3 * side * side
    for (let i = 0; i < all.shape[0]; i++) {
      const own = stored.data.subarray(i * size, (i + 1) * size)
      if (deviationOf(own) < FLAT) continue
      pieces.push(Uint8Array.from(own, (value) => Math.round(255 * value)))
    }
  }
  return pieces
}

/** Within each colour, on average: a plain colour varies from colour to colour alone. */
function deviationOf(piece: Float32Array): number {
  const area = piece.length / 3
  const deviations = [0, 1, 2].map((channel) => {
    const own = piece.subarray(channel * area, (channel + 1) * area)
    const mean = own.reduce((sum, value) => sum + value, 0) / area
    return Math.sqrt(own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / area)
  })
  return deviations.reduce((sum, one) => sum + one, 0) / 3
}

/** Side by side within the picture: what surrounds it is black. */
function piecesOf(picture: Tensor, side: number): Tensor {
  const { shape, data } = picture
  const [, channels, height, width] = shape
  const { top, bottom, left, right } = boundsOf(picture)
  const down = Math.floor((bottom - top) / side)
  const across = Math.floor((right - left) / side)
  const joined = new Float32Array(down * across * channels * side * side)
  for (let i = 0, to = 0; i < down * across; i++) {
    const y0 = top + side * Math.floor(i / across)
    const x0 = left + side * (i % across)
    for (let channel = 0; channel < channels; channel++) {
      for (let y = 0; y < side; y++, to += side) {
        const from = (channel * height + y0 + y) * width + x0
        joined.set(data.subarray(from, from + side), to)
      }
    }
  }
  return tensor([down * across, channels, side, side], joined)
}

/** Rows and columns from the first to behind the last that is not black. */
function boundsOf({ shape, data }: Tensor) {
  const [, , height, width] = shape
  let [top, bottom, left, right] = [height, 0, width, 0]
  for (let i = 0; i < data.length; i++) {
    if (data[i] === 0) continue
    const x = i % width
    const y = Math.floor(i / width) % height
    top = Math.min(top, y)
    bottom = Math.max(bottom, y + 1)
    left = Math.min(left, x)
    right = Math.max(right, x + 1)
  }
  return { top, bottom, left, right }
}
