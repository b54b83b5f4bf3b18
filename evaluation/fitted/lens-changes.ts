/** Slight faults of lens, sensor and mounting that no feature was designed after; each a copy of N×C×H×W in [0, 1]. */
import type { Tensor } from '../../src/tensor/index.ts'
import { corruptBy } from '../protocol/pixel-change.ts'
import { gaussianBlur, gaussianNoise } from '../../src/images/index.ts'
import type { Change } from './change.ts'

type Apply = NonNullable<Change['apply']>

/** A pixel's place in the frame, from 0 to 1 either way. */
type Place = { readonly x: number; readonly y: number }

/** What is always at the same place of the frame, on every image that is affected. */
const AT_A_PLACE: readonly Change[] = [
  {
    name: 'fingerprint',
    title: 'a greasy print: fine ripples of 2% over a tenth of the frame',
    apply: shade(({ x, y }) => {
      const ripple = Math.sin(60 * Math.hypot(x - 0.2, y - 0.9))
      return 1 + 0.02 * ripple * disc({ x, y }, { x: 0.35, y: 0.6, radius: 0.18 })
    }),
  },
  {
    name: 'drop',
    title: 'a drop of water: what is behind it stands a little larger',
    apply: warp((place) => {
      const inside = disc(place, { x: 0.65, y: 0.35, radius: 0.16 })
      return {
        x: place.x - 0.25 * inside * (place.x - 0.65),
        y: place.y - 0.25 * inside * (place.y - 0.35),
      }
    }),
  },
  {
    name: 'band',
    title: 'four rows in a hundred 3% darker',
    apply: shade(({ y }) => (y > 0.7 && y < 0.82 ? 0.97 : 1)),
  },
  {
    name: 'crossing-scratches',
    title: 'two thin scratches that cross, 5% brighter',
    apply: shade(({ x, y }) =>
      Math.abs(y - 0.2 - 0.7 * x) < 0.016 || Math.abs(y - 0.8 + 0.5 * x) < 0.016 ? 1.05 : 1,
    ),
  },
  {
    name: 'watermark',
    title: 'a mark in a corner, 5 grey levels',
    apply: add(({ x, y }) => {
      const inMark = x > 0.72 && x < 0.94 && y > 0.8 && y < 0.94
      return inMark && Math.sin(70 * x) > 0.2 ? 5 / 255 : 0
    }),
  },
  {
    name: 'crack',
    title: 'a crooked crack from the edge, 8% darker',
    apply: shade(({ x, y }) => {
      const at =
        0.1 + 0.25 * y + (y > 0.3 ? 0.3 * (y - 0.3) : 0) - (y > 0.55 ? 0.6 * (y - 0.55) : 0)
      return y < 0.75 && Math.abs(x - at) < 0.017 ? 0.92 : 1
    }),
  },
  {
    name: 'dim-column',
    title: 'one column of the sensor 4% darker',
    apply: shade(({ x }) => (Math.abs(x - 0.578) < 0.016 ? 0.96 : 1)),
  },
  {
    name: 'dirty-edge',
    title: 'dust along the lower edge: up to 5% darker, in flecks',
    apply: shade(({ x, y }) => {
      const fleck = Math.sin(31 * x + 4 * Math.sin(17 * x)) * Math.cos(23 * y + 9 * x)
      return y > 0.85 && fleck > 0.2 ? 1 - 0.05 * fleck : 1
    }),
  },
]

/** What moves or changes the picture as a whole. */
const OF_THE_WHOLE: readonly Change[] = [
  {
    name: 'tilt',
    title: 'turned by 2 degrees',
    apply: warp(({ x, y }) => {
      const [cos, sin] = [Math.cos(Math.PI / 90), Math.sin(Math.PI / 90)]
      return {
        x: 0.5 + cos * (x - 0.5) - sin * (y - 0.5),
        y: 0.5 + sin * (x - 0.5) + cos * (y - 0.5),
      }
    }),
  },
  {
    name: 'slant',
    title: 'sheared by 2 degrees',
    apply: warp(({ x, y }) => ({ x: x + Math.tan(Math.PI / 90) * (y - 0.5), y })),
  },
  {
    name: 'barrel',
    title: 'bent as by a cheap lens: corners pulled in by 3%',
    apply: warp(({ x, y }) => {
      const bend = 1 + 0.06 * ((x - 0.5) ** 2 + (y - 0.5) ** 2)
      return { x: 0.5 + bend * (x - 0.5), y: 0.5 + bend * (y - 0.5) }
    }),
  },
  { name: 'hue', title: 'colours turned by 5 degrees', apply: turnHue(5) },
  { name: 'paler', title: 'colours a tenth paler', apply: towardsGrey(0.1) },
  {
    name: 'grain',
    title: 'noise of 2 grey levels',
    apply: corruptBy(gaussianNoise, { sigma: 2 / 255 }),
  },
  {
    name: 'defocus',
    title: 'out of focus by less than half a pixel',
    apply: corruptBy(gaussianBlur, { sigma: 0.4 }),
  },
]

/** All of them, those of a place first. */
export const LENS_CHANGES: readonly Change[] = [...AT_A_PLACE, ...OF_THE_WHOLE]

/** Names of those that are always at one place of the frame. */
export const PLACED: ReadonlySet<string> = new Set(AT_A_PLACE.map(({ name }) => name))

/** 1 inside, 0 outside, with an edge as wide as a pixel of 32. */
function disc(
  { x, y }: Place,
  at: { readonly x: number; readonly y: number; readonly radius: number },
): number {
  return Math.max(0, Math.min(1, 0.5 + 32 * (at.radius - Math.hypot(x - at.x, y - at.y))))
}

/** Each value, changed by where it stands. */
function eachPixel(change: (value: number, place: Place) => number): Apply {
  return ({ shape, data }) => {
    const [, , height, width] = shape
    return {
      shape,
      data: data.map((value, i) => change(value, placeOf(i, { height, width }))),
    }
  }
}

type Size = { readonly height: number; readonly width: number }

function placeOf(i: number, { height, width }: Size): Place {
  return { x: ((i % width) + 0.5) / width, y: ((Math.floor(i / width) % height) + 0.5) / height }
}

function shade(factor: (place: Place) => number): Apply {
  return eachPixel((value, place) => value * factor(place))
}

function add(amount: (place: Place) => number): Apply {
  return eachPixel((value, place) => value + amount(place))
}

/** Each pixel taken, between its neighbours, from where it comes from; beyond the edge stand the pixels at it. */
function warp(from: (place: Place) => Place): Apply {
  return ({ shape, data }) => {
    const [, , height, width] = shape
    const size = height * width
    const sources = Array.from({ length: size }, (_, i) => from(placeOf(i, { height, width })))
    const out = data.map((_, i) => {
      const plane = i - (i % size)
      const { x, y } = sources[i % size]
      return between(data.subarray(plane, plane + size), { height, width }, { x, y })
    })
    return { shape, data: out }
  }
}

// oxlint-disable-next-line eslint/max-params -- three values
function between(plane: Float32Array, { height, width }: Size, { x, y }: Place): number {
  const [column, row] = [x * width - 0.5, y * height - 0.5]
  const [left, top] = [Math.floor(column), Math.floor(row)]
  const at = (r: number, c: number): number =>
    plane[Math.max(0, Math.min(height - 1, r)) * width + Math.max(0, Math.min(width - 1, c))]
  const [along, down] = [column - left, row - top]
  const upper = (1 - along) * at(top, left) + along * at(top, left + 1)
  const lower = (1 - along) * at(top + 1, left) + along * at(top + 1, left + 1)
  return (1 - down) * upper + down * lower
}

/** Red, green and blue of each pixel, changed together. */
function eachColour(
  change: (red: number, green: number, blue: number) => readonly [number, number, number],
): Apply {
  return ({ shape, data }: Tensor) => {
    const [count, , height, width] = shape
    const size = height * width
    const out = new Float32Array(data.length)
    for (let image = 0; image < count; image++) {
      const at = 3 * image * size
      for (let i = at; i < at + size; i++) {
        const colour = change(data[i], data[i + size], data[i + 2 * size])
        colour.forEach((value, channel) => {
          out[i + channel * size] = value
        })
      }
    }
    return { shape, data: out }
  }
}

/** A turn about the grey axis of the colour cube. */
function turnHue(degrees: number): Apply {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  const [same, next, last] = [
    cos + (1 - cos) / 3,
    (1 - cos) / 3 - sin / Math.sqrt(3),
    (1 - cos) / 3 + sin / Math.sqrt(3),
  ]
  return eachColour((red, green, blue) => [
    same * red + next * green + last * blue,
    last * red + same * green + next * blue,
    next * red + last * green + same * blue,
  ])
}

function towardsGrey(share: number): Apply {
  return eachColour((red, green, blue) => {
    const grey = (red + green + blue) / 3
    const toward = (value: number): number => value + share * (grey - value)
    return [toward(red), toward(green), toward(blue)]
  })
}
