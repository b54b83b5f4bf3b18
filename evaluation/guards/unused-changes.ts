import {
  type Corruption,
  channelSwap,
  defocusBlur,
  dilation,
  dottedLine,
  erosion,
  fog,
  halfFrame,
  motionBlur,
  pixelate,
  quantise,
  saturate,
  shear,
  shotNoise,
  spatter,
  speckleNoise,
  stripe,
  stuckRow,
  zigzag,
  zoomBlur,
} from '../../src/images/index.ts'
import type { Change } from '../fitted/change.ts'
import type { DataName } from '../fitted/fitted-subject.ts'
import { corruptBy } from '../protocol/pixel-change.ts'

const OF_BOTH: readonly Corruption[] = [
  shotNoise,
  speckleNoise,
  defocusBlur,
  motionBlur,
  zoomBlur,
  pixelate,
  halfFrame,
  stuckRow,
  erosion,
  dilation,
  shear,
  fog,
  spatter,
  stripe,
  dottedLine,
  zigzag,
]

/** Changes of middle strength that nothing about exemplars and repeats was chosen by. */
export function unusedChanges(data: DataName): Change[] {
  const own = data === 'mnist' ? [quantise] : [quantise, saturate, channelSwap]
  return [...OF_BOTH, ...own].map((corruption) => ({
    name: `middle-${corruption.name}`,
    title: corruption.title,
    apply: corruptBy(corruption, corruption.severities[2]),
  }))
}
