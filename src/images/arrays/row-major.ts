import type { ImageAxes } from './array-layout.ts'
import type { NumberType } from './number-type.ts'

/** Reorders a whole array from first-axis-fastest (Fortran) to last-axis-fastest. */
export function toRowMajor(
  bytes: Uint8Array,
  { axes, type }: { readonly axes: ImageAxes; readonly type: NumberType },
): Uint8Array {
  const { count, shape, layout } = axes
  const { channels, height, width } = shape
  const lengths =
    layout === 'CHW' ? [count, channels, height, width] : [count, height, width, channels]
  const size = type.bytes
  const out = new Uint8Array(bytes.length)
  const index = [0, 0, 0, 0]
  for (let from = 0; from < bytes.length; from += size) {
    let at = 0
    for (let axis = 0; axis < 4; axis++) at = at * lengths[axis] + index[axis]
    for (let byte = 0; byte < size; byte++) out[at * size + byte] = bytes[from + byte]
    advance(index, lengths)
  }
  return out
}

function advance(index: number[], lengths: readonly number[]): void {
  for (let axis = 0; axis < lengths.length; axis++) {
    index[axis] = index[axis] + 1
    if (index[axis] < lengths[axis]) return
    index[axis] = 0
  }
}
