import { logHypergeometric } from './distributions.ts'

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
  /** Smallest two-sided hypergeometric tail (Fisher's exact test) over the categories, times their number. */
  readonly pValue: number
}

/** Compares two samples of category codes; exact at any size, however rare a category. */
export function categoryEffect(
  reference: ArrayLike<number>,
  window: ArrayLike<number>,
): CategoryEffect {
  const [known, own] = [countCodes(reference), countCodes(window)]
  const categories = [...new Set([...known.keys(), ...own.keys()])].toSorted((a, b) => a - b)
  const rows = { total: reference.length + window.length, draws: window.length }
  const counts = categories.map((category) => {
    const [before, now] = [known.get(category) ?? 0, own.get(category) ?? 0]
    return { category, before, now, tail: twoSidedTail(now, { ...rows, marked: before + now }) }
  })
  const shares = counts.map(({ category, before, now }) => ({
    category,
    reference: before / reference.length,
    window: now / window.length,
  }))
  const gaps = shares.map((one) => Math.abs(one.window - one.reference))
  return {
    shares,
    totalVariation: Math.min(1, gaps.reduce((sum, gap) => sum + gap, 0) / 2),
    pValue: Math.min(1, categories.length * Math.min(1, ...counts.map(({ tail }) => tail))),
  }
}

function countCodes(codes: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>()
  for (let i = 0; i < codes.length; i++) counts.set(codes[i], (counts.get(codes[i]) ?? 0) + 1)
  return counts
}

type Urn = { readonly total: number; readonly marked: number; readonly draws: number }

/** Twice the smaller of P(K ≤ k) and P(K ≥ k). */
function twoSidedTail(k: number, urn: Urn): number {
  const fewest = Math.max(0, urn.draws + urn.marked - urn.total)
  const most = Math.min(urn.marked, urn.draws)
  const isLow = k * urn.total < urn.marked * urn.draws
  const [from, to] = isLow ? [fewest, k] : [k, most]
  let tail = 0
  for (let j = from; j <= to; j++) tail += Math.exp(logHypergeometric(j, urn))
  return Math.min(1, 2 * tail)
}
