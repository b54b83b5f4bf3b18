import { deviation, quantileSorted } from 'd3-array'

/** A smoothed histogram over a fixed domain. */
export type Density = {
  /** Equally spaced over the domain, both ends included. */
  readonly positions: readonly number[]
  /** Peak scaled to 1. */
  readonly heights: readonly number[]
}

/** Number of points a density is evaluated at. */
const POINTS = 161

/**
 * Gaussian kernel density of `values` inside `domain` (values outside count towards nothing),
 * bandwidth by Silverman's rule 0.9·min(sd, IQR/1.34)·n^(−1/5), never below 1/120 of the domain.
 */
export function estimateDensity(
  values: readonly number[],
  domain: readonly [low: number, high: number],
): Density {
  const [low, high] = domain
  const step = (high - low) / (POINTS - 1)
  const inside = values.filter((value) => value >= low && value <= high).toSorted((a, b) => a - b)
  const kernel = gaussianKernel(Math.max(bandwidth(inside), (high - low) / 120) / step)
  const counts = linearBins(inside, low, step)
  const reach = kernel.length - 1
  const heights = counts.map((_, i) => {
    let sum = 0
    for (let j = Math.max(0, i - reach); j <= Math.min(POINTS - 1, i + reach); j++) {
      sum += counts[j] * kernel[Math.abs(i - j)]
    }
    return sum
  })
  const peak = Math.max(...heights)
  return {
    positions: counts.map((_, i) => low + i * step),
    heights: heights.map((height) => (peak > 0 ? height / peak : 0)),
  }
}

function bandwidth(sorted: number[]): number {
  if (sorted.length < 2) return 0
  const spread = deviation(sorted) ?? 0
  const quartiles =
    (quantileSorted(sorted, 0.75) as number) - (quantileSorted(sorted, 0.25) as number)
  const scale = quartiles > 0 ? Math.min(spread, quartiles / 1.34) : spread
  return 0.9 * scale * sorted.length ** -0.2
}

/** Half of a symmetric kernel, out to four bandwidths. */
function gaussianKernel(bandwidthInSteps: number): number[] {
  const reach = Math.min(POINTS, Math.ceil(4 * bandwidthInSteps))
  return Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / bandwidthInSteps) ** 2))
}

/** Shares each value between its two neighbouring points. */
function linearBins(values: readonly number[], low: number, step: number): number[] {
  const counts = Array.from({ length: POINTS }, () => 0)
  for (const value of values) {
    const at = Math.min((value - low) / step, POINTS - 1)
    const left = Math.min(Math.floor(at), POINTS - 2)
    counts[left] = counts[left] + (left + 1 - at)
    counts[left + 1] = counts[left + 1] + (at - left)
  }
  return counts
}
