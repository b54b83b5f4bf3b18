import { cephes } from './cephes/cephes.ts'

const { chdtrc, incbet, incbi, kolmogorov, lgam, ndtr, ndtri } = cephes

/** Natural logarithm of the binomial coefficient. */
function logChoose(total: number, chosen: number): number {
  if (chosen < 0 || chosen > total) return -Infinity
  return lgam(total + 1) - lgam(chosen + 1) - lgam(total - chosen + 1)
}

/** z with P(Z ≤ z) = p, 0 < p < 1. */
export function normalQuantile(p: number): number {
  return ndtri(p)
}

/** P(|Z| ≥ |z|) of the standard normal, exact far into the tail. */
export function normalTwoSided(z: number): number {
  return 2 * ndtr(-Math.abs(z))
}

/** ln P(|Z| ≥ |z|) of the standard normal, also where the chance itself is below the smallest number. */
export function logNormalTwoSided(z: number): number {
  const size = Math.abs(z)
  if (size < 20) return Math.log(2 * ndtr(-size))
  // Mills' ratio by its first terms; what is left out is below 3e-7.
  const mills = Math.log1p(-1 / size ** 2 + 3 / size ** 4)
  return 0.5 * Math.log(2 / Math.PI) - 0.5 * size ** 2 - Math.log(size) + mills
}

/** P(X ≥ x) of χ² with `degrees` degrees of freedom. */
export function chiSquaredTail(x: number, degrees: number): number {
  return x <= 0 ? 1 : chdtrc(degrees, x)
}

/** P(B ≤ x) of Beta(a, b). */
export function betaCdf(x: number, a: number, b: number): number {
  return incbet(a, b, toUnit(x))
}

/** x with P(B ≤ x) = p of Beta(a, b). */
export function betaQuantile(p: number, a: number, b: number): number {
  return incbi(a, b, toUnit(p))
}

function toUnit(x: number): number {
  return Math.min(1, Math.max(0, x))
}

/** P(K ≥ x) of Kolmogorov's limit distribution of √n·D. */
export function kolmogorovTail(x: number): number {
  return x <= 0 ? 1 : kolmogorov(x)
}

/** ln P(exactly k successes in `trials`), each with chance `p`. */
export function logBinomial(k: number, trials: number, p: number): number {
  if (p === 0) return k === 0 ? 0 : -Infinity
  if (p === 1) return k === trials ? 0 : -Infinity
  return logChoose(trials, k) + k * Math.log(p) + (trials - k) * Math.log1p(-p)
}

/** ln P(exactly k marked ones among `drawn`), of `total` of which so many are marked. */
export function logHypergeometric(
  k: number,
  {
    drawn,
    marked,
    total,
  }: { readonly drawn: number; readonly marked: number; readonly total: number },
): number {
  return logChoose(marked, k) + logChoose(total - marked, drawn - k) - logChoose(total, drawn)
}
