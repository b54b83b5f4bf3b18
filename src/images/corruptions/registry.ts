import { defocusBlur, gaussianBlur, glassBlur, motionBlur, zoomBlur } from './blur.ts'
import { channelSwap, saturate } from './colour.ts'
import type { Corruption } from './corruption.ts'
import { cannyEdges } from './edges.ts'
import { imageShift, rotate, scale, shear, translate } from './geometry.ts'
import { binarise, brightness, contrast, darken, invert, quantise } from './intensity.ts'
import {
  blank,
  constantFrame,
  frozenFrame,
  halfFrame,
  occlusion,
  stuckPixels,
  stuckRow,
} from './lost-data.ts'
import { dilation, erosion } from './morphology.ts'
import { gaussianNoise, impulseNoise, shotNoise, speckleNoise } from './noise.ts'
import { jpegCompression, pixelate } from './resolution.ts'
import { dottedLine, stripe, zigzag } from './strokes.ts'
import { fog, spatter, vignette } from './weather.ts'

/** Every corruption, by family. */
export const CORRUPTIONS: readonly Corruption[] = [
  gaussianNoise,
  impulseNoise,
  shotNoise,
  speckleNoise,
  gaussianBlur,
  defocusBlur,
  glassBlur,
  motionBlur,
  zoomBlur,
  brightness,
  darken,
  contrast,
  quantise,
  binarise,
  invert,
  saturate,
  channelSwap,
  jpegCompression,
  pixelate,
  blank,
  halfFrame,
  constantFrame,
  frozenFrame,
  stuckPixels,
  stuckRow,
  occlusion,
  erosion,
  dilation,
  rotate,
  scale,
  shear,
  translate,
  imageShift,
  fog,
  spatter,
  vignette,
  stripe,
  dottedLine,
  zigzag,
  cannyEdges,
]

/** The corruption of that name; an unknown one is a RangeError that lists the known. */
export function findCorruption(name: string): Corruption {
  const found = CORRUPTIONS.find((corruption) => corruption.name === name)
  if (found !== undefined) return found
  const known = CORRUPTIONS.map((corruption) => corruption.name).join(', ')
  throw new RangeError(`expected a corruption (${known}), got ${name}`)
}
