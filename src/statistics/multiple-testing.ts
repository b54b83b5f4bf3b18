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

/**
 * Benjamini–Hochberg-adjusted p-values (1995, step-up): of those at or below q the expected share that is true of the null is
 * at most q, where p-values are independent or positively dependent (PRDS), as conformal ones of independent rows against
 * one reference are (Bates, Candès, Lei, Romano & Sesia 2023, theorem 2).
 */
export function benjaminiHochberg(pValues: readonly number[]): number[] {
  const adjusted = [...pValues]
  let running = 1
  ascendingOrder(pValues)
    .map((index, i) => ({ index, rank: i + 1 }))
    .toReversed()
    .forEach(({ index, rank }) => {
      running = Math.min(running, (pValues[index] * pValues.length) / rank)
      adjusted[index] = running
    })
  return adjusted
}

function ascendingOrder(values: readonly number[]): number[] {
  return values.map((_, i) => i).toSorted((a, b) => values[a] - values[b])
}
