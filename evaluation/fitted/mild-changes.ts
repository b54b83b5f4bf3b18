/** Small changes of photographs that no feature was designed after; each a copy of N×C×H×W in [0, 1]. */
import type { Random, Tensor } from '../../src/tensor/index.ts'
import { jpegCompression } from '../../src/images/index.ts'
import type { Change } from './change.ts'
import { corruptBy } from '../protocol/pixel-change.ts'

type Apply = NonNullable<Change['apply']>
type PlaneChange = (plane: Float32Array, place: Place) => Float32Array

/** Where a plane stands, and a number drawn for its image, uniform in [0, 1). */
type Place = {
  readonly channel: number
  readonly height: number
  readonly width: number
  readonly chance: number
}

/** Ten of them; `kin` names what in the product's properties is nearest to it, though made with another change in mind. */
export const MILD_CHANGES: readonly Change[] = [
  {
    name: 'gamma',
    title: 'gamma 0.93 (middle tones a little lighter)',
    kin: 'brightness and tones (darken, brightness)',
    apply: eachValue((value) => value ** 0.93),
  },
  {
    name: 'two-levels',
    title: 'every image 2 grey levels lighter or darker, at random',
    kin: 'brightness and tones (darken, brightness)',
    apply: eachPlane((plane, { chance }) => plane.map((v) => v + (chance < 0.5 ? 2 : -2) / 255)),
  },
  {
    name: 'jpeg-85',
    title: 'saved as JPEG of quality 85 instead of 75',
    kin: 'block pattern, colour detail (JPEG of quality 7 to 25)',
    apply: corruptBy(jpegCompression, { quality: 85 }),
  },
  {
    name: 'mirror',
    title: 'left and right exchanged',
    kin: 'none',
    apply: eachPlane((plane, { width }) =>
      plane.map((_, i) => plane[i - (i % width) + (width - 1 - (i % width))]),
    ),
  },
  {
    name: 'resampling',
    title: 'reduced from 32 to 30 pixels and enlarged again',
    kin: 'sharpness, wavelets (blur, pixelate)',
    apply: eachPlane((plane, place) => resampled(plane, place, 30)),
  },
  {
    name: 'colour-temperature',
    title: '3% more red, 3% less blue',
    kin: 'warmth (made for white balance in general)',
    apply: eachPlane((plane, { channel }) => plane.map((v) => v * [1.03, 1, 0.97][channel])),
  },
  {
    name: 'vignetting',
    title: 'corners 8% darker',
    kin: 'brightness of the border (vignette, half frame)',
    apply: eachPlane((plane, place) => plane.map((v, i) => v * (1 - 0.08 * cornerness(i, place)))),
  },
  {
    name: 'one-pixel',
    title: 'moved to the right by one pixel',
    kin: 'edges of the content (translate)',
    apply: eachPlane((plane, { width }) =>
      plane.map((value, i) => (i % width === 0 ? value : plane[i - 1])),
    ),
  },
  {
    name: 'unsharp-mask',
    title: 'sharpened by 25%',
    kin: 'sharpness, wavelets (blur)',
    apply: eachPlane((plane, place) =>
      plane.map((value, i) => value + 0.25 * (value - neighbourhoodMean(plane, place, i))),
    ),
  },
  {
    name: 'ghost',
    title: 'a copy of 6% strength, 4 pixels to the left (reflection in a pane)',
    kin: 'none',
    apply: eachPlane((plane, { width }) =>
      plane.map((v, i) => 0.94 * v + 0.06 * plane[Math.min(i + 4, i - (i % width) + width - 1)]),
    ),
  },
]

function eachValue(change: (value: number) => number): Apply {
  return ({ shape, data }) => ({ shape, data: data.map(change) })
}

function eachPlane(change: PlaneChange): Apply {
  return ({ shape, data }: Tensor, random: Random) => {
    const [count, channels, height, width] = shape
    const size = height * width
    const out = new Float32Array(data.length)
    for (let image = 0; image < count; image++) {
      const chance = random.uniform()
      for (let channel = 0; channel < channels; channel++) {
        const start = (image * channels + channel) * size
        const plane = data.subarray(start, start + size)
        out.set(change(plane, { channel, height, width, chance }), start)
      }
    }
    return { shape, data: out }
  }
}

/** Bilinear, to `side` × `side` and back. */
function resampled(plane: Float32Array, { height, width }: Place, side: number): Float32Array {
  const small = bilinear(plane, { height, width }, { height: side, width: side })
  return bilinear(small, { height: side, width: side }, { height, width })
}

type Size = { readonly height: number; readonly width: number }

function bilinear(plane: Float32Array, from: Size, to: Size): Float32Array {
  const place = (i: number, own: number, other: number): [number, number, number] => {
    const at = Math.min(other - 1, Math.max(0, ((i + 0.5) * other) / own - 0.5))
    const low = Math.floor(at)
    return [low, Math.min(low + 1, other - 1), at - low]
  }
  return Float32Array.from({ length: to.height * to.width }, (_, i) => {
    const [top, bottom, down] = place(Math.floor(i / to.width), to.height, from.height)
    const [left, right, along] = place(i % to.width, to.width, from.width)
    const row = (y: number): number =>
      (1 - along) * plane[y * from.width + left] + along * plane[y * from.width + right]
    return (1 - down) * row(top) + down * row(bottom)
  })
}

/** 0 in the centre, 1 in the corners, as the square of the distance. */
function cornerness(i: number, { height, width }: Place): number {
  const y = (2 * Math.floor(i / width)) / (height - 1) - 1
  const x = (2 * (i % width)) / (width - 1) - 1
  return (x * x + y * y) / 2
}

/** Mean over 3×3, the edge repeated. */
function neighbourhoodMean(plane: Float32Array, { height, width }: Place, i: number): number {
  const [y, x] = [Math.floor(i / width), i % width]
  let sum = 0
  for (let row = y - 1; row <= y + 1; row++) {
    for (let column = x - 1; column <= x + 1; column++) {
      const inside = Math.min(height - 1, Math.max(0, row)) * width
      sum += plane[inside + Math.min(width - 1, Math.max(0, column))]
    }
  }
  return sum / 9
}
