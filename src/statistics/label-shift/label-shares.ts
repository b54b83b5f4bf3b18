import type { Matrix } from '../../tensor/index.ts'
import { countClasses, labelTotals } from '../confusion.ts'

const ROUNDS = 2000
const CLOSE = 1e-9

/**
 * Shares of the true labels in a window that make its predicted classes likeliest, by expectation and maximisation
 * (Saerens, Latinne & Decaestecker 2002). `confusion` counts predicted class by true label on labelled reference rows.
 * Never negative; what the predicted classes can't tell apart stays in the proportions of the reference.
 */
export function mostLikelyLabelShares(
  confusion: Matrix,
  predicted: ArrayLike<number>,
): Float64Array {
  const { rows: classes, columns: labels, data } = confusion
  const totals = labelTotals(confusion)
  const all = totals.reduce((sum, one) => sum + one, 0)
  const chance = data.map((count, i) => count / (totals[i % labels] || 1))
  const seen = countClasses(predicted, classes)
  let shares: Float64Array = totals.map((total) => total / all)
  for (let round = 0; round < ROUNDS; round++) {
    const next = improve(shares, { chance, seen })
    const moved = next.reduce((most, one, y) => Math.max(most, Math.abs(one - shares[y])), 0)
    shares = next
    if (moved < CLOSE) break
  }
  return shares
}

/** One round: every window row is shared out among the labels by its posterior. */
function improve(
  shares: Float64Array,
  { chance, seen }: { readonly chance: Float64Array; readonly seen: Float64Array },
): Float64Array {
  const labels = shares.length
  const next = new Float64Array(labels)
  let total = 0
  for (let c = 0; c < seen.length; c++) {
    let evidence = 0
    for (let y = 0; y < labels; y++) evidence += shares[y] * chance[c * labels + y]
    // A class that no labelled row was predicted as says nothing of the labels.
    if (evidence === 0) continue
    total += seen[c]
    for (let y = 0; y < labels; y++) {
      next[y] += (seen[c] * shares[y] * chance[c * labels + y]) / evidence
    }
  }
  return total === 0 ? shares : next.map((one) => one / total)
}

/** Weight of each reference row that turns the labels' shares into `shares`; 1 on average. */
export function labelWeights(labels: ArrayLike<number>, shares: Float64Array): Float64Array {
  const counts = countClasses(labels, shares.length)
  return Float64Array.from(labels, (label) => (shares[label] * labels.length) / counts[label])
}

/** How many rows of equal weight would vary as little as rows of these weights (Kish 1965). */
export function effectiveRows(weights: Float64Array): number {
  let sum = 0
  let squares = 0
  for (const weight of weights) {
    sum += weight
    squares += weight * weight
  }
  return squares === 0 ? 0 : (sum * sum) / squares
}
