/** What each pixel of a resampled axis averages: `counts[i]` pixels from `first[i]` on, their weights one behind the other. */
export type Axis = {
  readonly first: Int32Array
  readonly counts: Int32Array
  readonly weights: Float32Array
}

/**
 * Bilinear with half-pixel centres, the triangle widened when shrinking, as Pillow and torchvision do it: the pixels
 * `start` to `end` of an axis of `from` pixels resampled to `to`.
 */
export function bilinearAxis(
  from: number,
  to: number,
  { start, end }: { readonly start: number; readonly end: number } = { start: 0, end: to },
): Axis {
  const ratio = from / to
  const support = Math.max(1, ratio)
  const length = end - start
  const first = new Int32Array(length)
  const counts = new Int32Array(length)
  const weights = new Float32Array(length * (Math.ceil(2 * support) + 1))
  let used = 0
  for (let i = 0; i < length; i++) {
    const centre = (start + i + 0.5) * ratio
    first[i] = Math.max(0, Math.floor(centre - support + 0.5))
    counts[i] = Math.min(from, Math.floor(centre + support + 0.5)) - first[i]
    let sum = 0
    for (let k = 0; k < counts[i]; k++) {
      weights[used + k] = Math.max(0, 1 - Math.abs(first[i] + k + 0.5 - centre) / support)
      sum += weights[used + k]
    }
    for (let k = 0; k < counts[i]; k++) weights[used + k] /= sum
    used += counts[i]
  }
  return { first, counts, weights: weights.subarray(0, used) }
}
