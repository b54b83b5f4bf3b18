import {
  brightness,
  contrast,
  gaussianBlur,
  jpegCompression,
  occlusion,
} from '../../src/images/index.ts'
import type { Change } from '../fitted/change.ts'
import { DIGIT_CHANGES, VISIBLE_CHANGES } from '../fitted/changes.ts'
import type { DataName } from '../fitted/fitted-subject.ts'

/** Changes that a person just notices, beside those of the published grid. */
const JUST_NOTICED: readonly Change[] = [
  {
    name: 'slightly-brighter',
    title: 'brighter by 20 grey levels',
    apply: (pixels, random) => brightness.apply(pixels, { random, shift: 0.08 }),
  },
  {
    name: 'slightly-less-contrast',
    title: 'a fifth less contrast',
    apply: (pixels, random) => contrast.apply(pixels, { random, factor: 0.8 }),
  },
  {
    name: 'slightly-blurred',
    title: 'blurred by half a pixel',
    apply: (pixels, random) => gaussianBlur.apply(pixels, { random, sigma: 0.5 }),
  },
  {
    name: 'jpeg-50',
    title: 'JPEG of quality 50',
    apply: (pixels, random) => jpegCompression.apply(pixels, { random, quality: 50 }),
  },
  {
    name: 'covered',
    title: 'a patch is covered',
    apply: (pixels, random) => occlusion.apply(pixels, { random, ...occlusion.severities[1] }),
  },
]

/** What streams of digits and of photographs are changed by. */
export const DELAY_CHANGES: Readonly<Record<DataName, readonly Change[]>> = {
  mnist: [...DIGIT_CHANGES.filter(({ apply }) => apply !== undefined), ...JUST_NOTICED],
  cifar10: [...VISIBLE_CHANGES, ...JUST_NOTICED],
}
