/** One category's share of the rows of both samples. */
export type CategoryShare = {
  /** The category's code. */
  readonly category: number
  readonly reference: number
  readonly window: number
}

/** How far the shares of categories moved. */
export type CategoryEffect = {
  /** Ascending by category; of every category that either sample shows. */
  readonly shares: readonly CategoryShare[]
  /** Half the sum of the shares' absolute differences, in [0, 1]. */
  readonly totalVariation: number
}

/** Compares the shares of two samples of category codes. */
export function categoryEffect(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): CategoryEffect {
  const [known, own] = [countCodes(reference), countCodes(window)]
  const categories = [...new Set([...known.keys(), ...own.keys()])].toSorted((a, b) => a - b)
  const shares = categories.map((category) => ({
    category,
    reference: (known.get(category) ?? 0) / reference.length,
    window: (own.get(category) ?? 0) / window.length,
  }))
  const gaps = shares.map((one) => Math.abs(one.window - one.reference))
  return {
    shares,
    totalVariation: Math.min(1, gaps.reduce((sum, gap) => sum + gap, 0) / 2),
  }
}

function countCodes(codes: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i < codes.length; i++) counts.set(codes[i], (counts.get(codes[i]) ?? 0) + 1)
  return counts
}
