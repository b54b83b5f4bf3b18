/** Bonferroni-adjusted p-values: valid under any dependence. */
export function bonferroni(pValues: readonly number[]): number[] {
  return pValues.map((p) => Math.min(1, p * pValues.length))
}

/** Holm-adjusted p-values (1979, step-down): valid under any dependence, never above Bonferroni's. */
export function holm(pValues: readonly number[]): number[] {
  const adjusted = [...pValues]
  let running = 0
  ascendingOrder(pValues).forEach((index, i) => {
    running = Math.max(running, Math.min(1, pValues[index] * (pValues.length - i)))
    adjusted[index] = running
  })
  return adjusted
}

/** Simes' p-value of the joint null (1986): valid when independent or positively dependent. */
export function simes(pValues: readonly number[]): number {
  const order = ascendingOrder(pValues)
  return order.reduce(
    (least, index, i) => Math.min(least, (pValues[index] * pValues.length) / (i + 1)),
    1,
  )
}

function ascendingOrder(values: readonly number[]): number[] {
  return values.map((_, i) => i).toSorted((a, b) => values[a] - values[b])
}
