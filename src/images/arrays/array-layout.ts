import { DriftError } from '../../errors.ts'
import type { ImageShape } from '../image-source.ts'
import type { RawPixels } from '../raw-pixels.ts'

/** Order of the axes of a four-axis array. */
export type ArrayLayout = 'NCHW' | 'NHWC'

/** What the axes of an array mean. */
export type ImageAxes = {
  readonly count: number
  readonly shape: ImageShape
  readonly layout: RawPixels['layout']
}

/** Pictures three pixels wide are rarer than a single picture of this side. */
const SMALLEST_SIDE = 8

/**
 * Reads the axes of an array. Rule: three axes are N×H×W, but one image H×W×3 where the last is 3 and the others are
 * longer than a pixel or two; of four, the one of the second and last that is
 * 1 or 3 holds the channels; where both or neither is, `layout` has to say.
 */
export function readAxes(
  axes: readonly number[],
  location: string,
  layout?: ArrayLayout,
): ImageAxes {
  const [count = 0, first = 0, second = 0, third = 0] = axes
  if (axes.length === 3 && second === 3 && Math.min(count, first) >= SMALLEST_SIDE) {
    return { count: 1, shape: { channels: 3, height: count, width: first }, layout: 'HWC' }
  }
  if (axes.length === 3) {
    return { count, shape: { channels: 1, height: first, width: second }, layout: 'CHW' }
  }
  if (axes.length !== 4) {
    throw new DriftError(
      'image.shape',
      `expected N×H×W, N×H×W×C or N×C×H×W, got ${axes.join('×') || 'a single number'} in ${location}`,
      { hint: 'Reshape flattened images to rows and columns before saving them.' },
    )
  }
  const order = layout ?? guessLayout(axes, location)
  return order === 'NCHW'
    ? { count, shape: { channels: first, height: second, width: third }, layout: 'CHW' }
    : { count, shape: { channels: third, height: first, width: second }, layout: 'HWC' }
}

function guessLayout(axes: readonly number[], location: string): ArrayLayout {
  const isChannels = (axis: number | undefined): boolean => axis === 1 || axis === 3
  const first = isChannels(axes[1])
  const last = isChannels(axes[3])
  if (first !== last) return first ? 'NCHW' : 'NHWC'
  throw new DriftError(
    'image.shape',
    `expected one axis of 1 or 3 channels, got ${axes.join('×')} in ${location}, which leaves the order of the axes open`,
    { hint: 'Say which it is, NCHW or NHWC: --layout, or the option layout.' },
  )
}
