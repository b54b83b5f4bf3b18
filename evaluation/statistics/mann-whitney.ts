import { ascending, exceedanceChance, normalTwoSided } from '../../src/statistics/index.ts'
import type { TestResult } from './two-sample-test.ts'

/** Total number of pairs up to which the exact distribution of U is summed (without ties). */
const EXACT_PAIRS = 400

/** Mann–Whitney U test, two-sided; `statistic` is the larger of U and nm − U. */
export function mannWhitneyTest(first: ArrayLike<number>, second: ArrayLike<number>): TestResult {
  const n = first.length
  const m = second.length
  const auc = exceedanceChance(ascending(first), ascending(second))
  const statistic = Math.max(auc, 1 - auc) * n * m
  const ties = tieTerm(first, second)
  if (ties === 0 && n * m <= EXACT_PAIRS) {
    return { statistic, pValue: Math.min(1, 2 * exactTail(Math.round(statistic), n, m)) }
  }
  return { statistic, pValue: mannWhitneyTail(auc, { n, m, ties }) }
}

/** Normal tail of U with continuity and tie correction; `ties` is Σ (t³ − t) over pooled ties. */
function mannWhitneyTail(
  auc: number,
  { n, m, ties }: { readonly n: number; readonly m: number; readonly ties: number },
): number {
  const all = n + m
  const variance = ((n * m) / 12) * (all + 1 - ties / (all * (all - 1)))
  if (!(variance > 0)) return 1
  const excess = Math.max(0, Math.abs(auc - 0.5) * n * m - 0.5)
  return Math.min(1, normalTwoSided(excess / Math.sqrt(variance)))
}

function tieTerm(first: ArrayLike<number>, second: ArrayLike<number>): number {
  const pooled = ascending([...Array.from(first), ...Array.from(second)])
  let ties = 0
  for (let start = 0; start < pooled.length;) {
    let end = start + 1
    while (pooled[end] === pooled[start]) end++
    ties += (end - start) ** 3 - (end - start)
    start = end
  }
  return ties
}

/** P(U ≥ u) without ties: number of ways to n ranks with that sum (Mann & Whitney 1947, eq. 2). */
function exactTail(u: number, n: number, m: number): number {
  const pairs = n * m
  const ways = new Float64Array(pairs + 1)
  ways[0] = 1
  // Product over i of (1 − x^(m+i)) / (1 − x^i), truncated.
  for (let i = 1; i <= n; i++) {
    for (let sum = pairs; sum >= m + i; sum--) ways[sum] -= ways[sum - m - i]
    for (let sum = i; sum <= pairs; sum++) ways[sum] += ways[sum - i]
  }
  let all = 0
  let tail = 0
  for (let sum = 0; sum <= pairs; sum++) {
    all += ways[sum]
    if (sum >= u) tail += ways[sum]
  }
  return tail / all
}
