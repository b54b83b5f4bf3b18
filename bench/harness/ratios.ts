/** Middle and spread of repeated measurements. */
export type Spread = {
  readonly median: number
  readonly lowest: number
  readonly highest: number
}

/** Median with the extremes; the list must not be empty. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('expected at least one measurement, got none')
  const sorted = values.toSorted((a, b) => a - b)
  const middle = (sorted.length - 1) / 2
  const median = (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2
  return { median, lowest: sorted[0], highest: sorted.at(-1) ?? Number.NaN }
}

/** Spread of the ratios of one contestant to another, round by round. */
export function ratioOf(ours: readonly number[], theirs: readonly number[]): Spread {
  if (ours.length !== theirs.length) {
    throw new RangeError(`expected as many rounds, got ${ours.length} and ${theirs.length}`)
  }
  return spreadOf(ours.map((value, round) => value / theirs[round]))
}

/** The name whose median is the highest. */
export function fastest(
  rates: ReadonlyMap<string, readonly number[]>,
  names: readonly string[],
): string {
  const medians = names.map((name) => [name, spreadOf(rates.get(name) ?? []).median] as const)
  const [best] = medians.toSorted((a, b) => b[1] - a[1])
  if (best === undefined) throw new RangeError('expected at least one contestant, got none')
  return best[0]
}
