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

function ascendingOrder(values: readonly number[]): number[] {
  return values.map((_, i) => i).toSorted((a, b) => values[a] - values[b])
}
