import {
  binarise,
  blank,
  brightness,
  cannyEdges,
  constantFrame,
  contrast,
  type Corruption,
  darken,
  defocusBlur,
  dottedLine,
  erosion,
  fog,
  gaussianBlur,
  gaussianNoise,
  glassBlur,
  halfFrame,
  imageShift,
  impulseNoise,
  jpegCompression,
  motionBlur,
  pixelate,
  quantise,
  rotate,
  scale,
  shear,
  shotNoise,
  spatter,
  stripe,
  stuckPixels,
  translate,
  zigzag,
} from '../../src/images/index.ts'
import { corruptBy, type PixelChange } from '../protocol/pixel-change.ts'

/** Pixels that must be made with more than the images themselves. */
export type SpecialChange = 'adversarial' | 'letters'

/** One row of a grid: which images are affected, and how. */
export type Shift = {
  readonly name: string
  readonly change: PixelChange | SpecialChange | 'none'
  /** Changed pixels are rounded to multiples of 1/255. */
  readonly rounded?: boolean
  /** Share of class 0 that is left out, as a function of δ. */
  readonly knockOut?: (delta: number) => number
  /** Only these classes are kept. */
  readonly classes?: readonly number[]
  /** Share of the images that is changed; δ itself where it isn't said. */
  readonly affected?: (delta: number) => number
}

export type Grid = {
  readonly shifts: readonly Shift[]
  readonly deltas: readonly number[]
  readonly sizes: readonly number[]
  /** Shifts whose mean power is of interest; default all of them, for each δ. */
  readonly averages?: Readonly<Record<string, readonly string[]>>
  /** Side that images are averaged down to first; default none. */
  readonly side?: number
}

/** One result of the study each. */
export const GRID_NAMES = ['fl', 'mnist-c', 'loss-lowering', 'mmdagg-q', 'natural'] as const

export type GridName = (typeof GRID_NAMES)[number]

const noise = (sigma: number): PixelChange => corruptBy(gaussianNoise, { sigma, quantised: false })

const shifted = (severity: 0 | 2 | 4): PixelChange =>
  corruptBy(imageShift, imageShift.severities[severity])

/** At the corruption's default strength, which is the published one, delivered as grey levels. */
const atDefaults = (...corruptions: readonly Corruption[]): Shift[] =>
  corruptions.map((corruption) => ({
    name: corruption.name,
    change: corruptBy(corruption),
    rounded: true,
  }))

/** Rabanser et al. 2019. */
const published: readonly Shift[] = [
  { name: 's_gn', change: noise(1 / 255) },
  { name: 'm_gn', change: noise(10 / 255) },
  { name: 'l_gn', change: noise(100 / 255) },
  { name: 's_img', change: shifted(0) },
  { name: 'm_img', change: shifted(2) },
  { name: 'l_img', change: shifted(4) },
  { name: 'adv', change: 'adversarial' },
  { name: 'ko', change: 'none', knockOut: (delta) => delta },
  { name: 'm_img+ko', change: shifted(2), knockOut: (delta) => delta, affected: () => 0.5 },
  { name: 'oz+m_img', change: shifted(2), classes: [0] },
]

/** The same as a camera would deliver them: changed pixels rounded to whole grey levels. */
const rounded: readonly Shift[] = published
  .filter(({ change }) => change !== 'none')
  .map((shift) => Object.assign({}, shift, { name: `${shift.name}_uint8`, rounded: true }))

const averages = {
  published: published.map(({ name }) => name),
  rounded: published.map(({ name, change }) => (change === 'none' ? name : `${name}_uint8`)),
}

const onlyClasses = (name: string, ...classes: readonly number[]): Shift => ({
  name,
  change: 'none',
  classes,
})

export const GRIDS: Readonly<Record<GridName, Grid>> = {
  fl: {
    shifts: [...published, ...rounded],
    deltas: [0.1, 0.5, 1],
    sizes: [10, 20, 50, 100, 200, 500, 1000, 10_000],
    averages,
  },
  'mnist-c': {
    shifts: [
      ...atDefaults(
        shotNoise,
        impulseNoise,
        glassBlur,
        motionBlur,
        shear,
        scale,
        rotate,
        brightness,
        translate,
      ),
      ...atDefaults(
        stripe,
        fog,
        spatter,
        dottedLine,
        zigzag,
        cannyEdges,
        gaussianNoise,
        defocusBlur,
        contrast,
      ),
      ...atDefaults(jpegCompression, pixelate, quantise),
      {
        name: 'quantise-3-bit',
        change: corruptBy(quantise, { bits: 3 }),
        rounded: true,
      },
      { name: 'stuck-pixel', change: corruptBy(stuckPixels) },
    ],
    deltas: [0.1, 0.5, 1],
    sizes: [10, 20, 50, 100],
  },
  'loss-lowering': {
    shifts: [
      ...atDefaults(blank, halfFrame, erosion, binarise, constantFrame),
      {
        name: 'darken',
        change: corruptBy(darken, { factor: 0.5 }),
        rounded: true,
      },
      {
        name: 'blur',
        change: corruptBy(gaussianBlur, { sigma: 1 }),
        rounded: true,
      },
      {
        name: 'scale-0.8',
        change: corruptBy(scale, { factor: 0.8 }),
        rounded: true,
      },
      { name: 'only-ones', change: 'none', classes: [1] },
    ],
    deltas: [0.1, 0.5, 1],
    sizes: [10, 20, 50, 100],
  },
  'mmdagg-q': {
    shifts: [
      onlyClasses('Q1', 1, 3, 5, 7, 9),
      onlyClasses('Q2', 0, 1, 3, 5, 7, 9),
      onlyClasses('Q3', 0, 1, 2, 3, 5, 7, 9),
      onlyClasses('Q4', 0, 1, 2, 3, 4, 5, 7, 9),
      onlyClasses('Q5', 0, 1, 2, 3, 4, 5, 6, 7, 9),
    ],
    deltas: [1],
    sizes: [500],
    side: 7,
  },
  natural: {
    shifts: [{ name: 'letters', change: 'letters' }],
    deltas: [0.01, 0.05, 0.1, 1],
    sizes: [10, 20, 50, 100, 200, 500],
  },
}
