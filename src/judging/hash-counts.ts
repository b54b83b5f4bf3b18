/** How often a number is in an ascending list. */
export function timesIn(sorted: Float64Array, value: number): number {
  return firstAbove(sorted, value) - firstNotBelow(sorted, value)
}

function firstNotBelow(sorted: Float64Array, value: number): number {
  return bisect(sorted, (other) => other >= value)
}

function firstAbove(sorted: Float64Array, value: number): number {
  return bisect(sorted, (other) => other > value)
}

/** Where an ascending list begins to pass. */
function bisect(sorted: Float64Array, passes: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passes(sorted[middle])) high = middle
    else low = middle + 1
  }
  return low
}
