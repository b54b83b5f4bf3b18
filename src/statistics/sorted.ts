/** An ascending copy. */
export function ascending(values: ArrayLike<number>): Float32Array {
  const sorted = Float32Array.from(values)
  sorted.sort()
  return sorted
}

/** Number of values of an ascending array strictly below `value`. */
export function countBelow(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Number of values of an ascending array at or below `value`. */
export function countNotAbove(sorted: ArrayLike<number>, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] <= value) low = middle + 1
    else high = middle
  }
  return low
}
