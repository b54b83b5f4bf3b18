import {
  brightness,
  channelSwap,
  contrast,
  gaussianBlur,
  gaussianNoise,
  imageShift,
  jpegCompression,
} from '../../src/images/index.ts'
import type { Change } from './change.ts'
import { corruptBy } from '../protocol/pixel-change.ts'

/** Nothing changes: what false alarms are counted on. */
export const CLEAN: Change = { name: 'clean', title: 'clean images' }

/** The shifts of Rabanser et al. 2019 that need no classifier, rounded to grey levels. */
export const DIGIT_CHANGES: readonly Change[] = [
  ...[1, 10, 100].map((levels, i): Change => ({
    name: ['small-noise', 'medium-noise', 'large-noise'][i],
    title: `noise of ${levels} grey ${levels === 1 ? 'level' : 'levels'}`,
    apply: corruptBy(gaussianNoise, { sigma: levels / 255, quantised: false }),
  })),
  ...([0, 2, 4] as const).map((severity, i): Change => ({
    name: ['small-moves', 'medium-moves', 'large-moves'][i],
    title: `${['small', 'medium', 'large'][i]} turns, shifts, shears and zooms`,
    apply: corruptBy(imageShift, imageShift.severities[severity]),
  })),
  { name: 'zeros-missing', title: 'that share of the zeros is missing', missing: 0 },
]

/** Plainly visible changes of photographs. */
export const VISIBLE_CHANGES: readonly Change[] = [
  {
    name: 'noise',
    title: 'noise of 20 grey levels',
    apply: corruptBy(gaussianNoise, { sigma: 0.08 }),
  },
  {
    name: 'blur',
    title: 'blurred by one pixel',
    apply: corruptBy(gaussianBlur, { sigma: 1 }),
  },
  {
    name: 'brighter',
    title: 'brighter by 51 grey levels',
    apply: corruptBy(brightness, { shift: 0.2 }),
  },
  {
    name: 'less-contrast',
    title: 'half the contrast',
    apply: corruptBy(contrast, { factor: 0.5 }),
  },
  {
    name: 'jpeg-10',
    title: 'JPEG of quality 10',
    apply: corruptBy(jpegCompression, { quality: 10 }),
  },
  {
    name: 'channels-swapped',
    title: 'red and blue exchanged',
    apply: corruptBy(channelSwap),
  },
]
