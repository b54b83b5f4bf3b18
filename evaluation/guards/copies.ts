import { jpegCompression, shotNoise } from '../../src/images/index.ts'
import type { Random, Tensor } from '../../src/tensor/index.ts'
import { takeRows } from '../../src/tensor/index.ts'
import type { Change } from '../fitted/change.ts'

/** Pictures that are sent again and again, and how often each. */
export const FRAMES = 50
const TIMES = 100

/** Row of a copy of a frame among the rows of a kind of copies. */
export function rowOfCopy(frame: number, copy: number): number {
  return frame * TIMES + copy
}

/** The first frames, each many times, and nearly the same each time. */
export const NEAR_COPIES: readonly Change[] = [
  {
    name: 'copies-sensor-noise',
    title: 'noise of 6 grey levels',
    apply: async (pixels, random) => {
      const { shape, data } = repeated(pixels)
      return { shape, data: data.map((value) => value + (6 / 255) * random.normal()) }
    },
  },
  {
    name: 'copies-shot-noise',
    title: 'shot noise',
    apply: async (pixels, random) =>
      shotNoise.apply(repeated(pixels), { random, ...shotNoise.severities[0], ...FAINT }),
  },
  {
    name: 'copies-jpeg',
    title: 'saved as JPEG of quality 55, 70, 85 and 98 in turn',
    apply: async (pixels, random) => savedInTurn(pixels, random),
  },
]

/** As of a camera in daylight. */
const FAINT = { photons: 1000 } as const

const QUALITIES = [55, 70, 85, 98]

function repeated(pixels: Tensor): Tensor {
  return takeRows(
    pixels,
    Array.from({ length: FRAMES * TIMES }, (_, i) => Math.floor(i / TIMES)),
  )
}

async function savedInTurn(pixels: Tensor, random: Random): Promise<Tensor> {
  const frames = takeRows(
    pixels,
    Array.from({ length: FRAMES }, (_, i) => i),
  )
  const { shape, data } = repeated(pixels)
  const size = data.length / shape[0]
  for (const [turn, quality] of QUALITIES.entries()) {
    const saved = await jpegCompression.apply(frames, { random, quality })
    for (let copy = turn; copy < TIMES; copy += QUALITIES.length) {
      for (let frame = 0; frame < FRAMES; frame++) {
        const image = saved.data.subarray(frame * size, (frame + 1) * size)
        data.set(image, rowOfCopy(frame, copy) * size)
      }
    }
  }
  return { shape, data }
}
