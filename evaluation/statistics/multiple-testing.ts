/** Bonferroni-adjusted p-values: valid under any dependence. */
export function bonferroni(pValues: readonly number[]): number[] {
  return pValues.map((p) => Math.min(1, p * pValues.length))
}

/** Simes' p-value of the joint null (1986): valid when independent or positively dependent. */
export function simes(pValues: readonly number[]): number {
  return pValues
    .toSorted((a, b) => a - b)
    .reduce((least, p, i) => Math.min(least, (p * pValues.length) / (i + 1)), 1)
}
