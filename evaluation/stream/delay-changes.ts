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
import { corruptBy } from '../protocol/pixel-change.ts'

/** Changes that a person just notices, beside those of the published grid. */
const JUST_NOTICED: readonly Change[] = [
  {
    name: 'slightly-brighter',
    title: 'brighter by 20 grey levels',
    apply: corruptBy(brightness, { shift: 0.08 }),
  },
  {
    name: 'slightly-less-contrast',
    title: 'a fifth less contrast',
    apply: corruptBy(contrast, { factor: 0.8 }),
  },
  {
    name: 'slightly-blurred',
    title: 'blurred by half a pixel',
    apply: corruptBy(gaussianBlur, { sigma: 0.5 }),
  },
  {
    name: 'jpeg-50',
    title: 'JPEG of quality 50',
    apply: corruptBy(jpegCompression, { quality: 50 }),
  },
  {
    name: 'covered',
    title: 'a patch is covered',
    apply: corruptBy(occlusion, occlusion.severities[1]),
  },
]

/** What streams of digits and of photographs are changed by. */
export const DELAY_CHANGES: Readonly<Record<DataName, readonly Change[]>> = {
  mnist: [...DIGIT_CHANGES.filter(({ apply }) => apply !== undefined), ...JUST_NOTICED],
  cifar10: [...VISIBLE_CHANGES, ...JUST_NOTICED],
}
