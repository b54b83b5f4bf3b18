/** Distributions by the means of some scores, and what they are held against. */
export type MixtureProblem = {
  /** components × scores, row-major. */
  readonly means: Float64Array
  /** Means of the same scores over the sample. */
  readonly target: Float64Array
  /** How much a squared difference of each score counts, ≥ 0. */
  readonly importance: Float64Array
}

/** Components a mixture is made of at most. */
const MOST_ACTIVE = 60
const ADDED_AT_ONCE = 4
const ROUNDS = 40
/** A component that would reduce the squared difference by less than this share of it is not worth adding. */
const WORTHWHILE = 1e-3

/**
 * Shares of the components (≥ 0, sum 1) whose mixture is nearest to the sample: Σ importance · (Σ share · mean − target)²
 * is least. Fully corrective Frank–Wolfe (Jaggi 2013): components are added while they help, and all shares of those
 * added are found anew; O(rounds · components · scores).
 */
export function nearestMixture({ means, target, importance }: MixtureProblem): Float64Array {
  const scores = target.length
  const count = means.length / scores
  const gaps = new Float64Array(means.length)
  const roots = importance.map(Math.sqrt)
  for (let i = 0; i < means.length; i++) {
    gaps[i] = (means[i] - target[i % scores]) * roots[i % scores]
  }
  const gapOf = (k: number) => gaps.subarray(k * scores, (k + 1) * scores)
  let active = [leastOf(count, (k) => dot(gapOf(k), gapOf(k)))]
  let shares: Float64Array = Float64Array.of(1)
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = mix(active.map(gapOf), shares)
    const distance = dot(mixed, mixed)
    const slopes = Float64Array.from({ length: count }, (_, k) => dot(gapOf(k), mixed))
    const added = steepest(slopes, active, distance * (1 - WORTHWHILE))
    if (added.length === 0) break
    active = [...active.filter((_, i) => shares[i] > 0), ...added].slice(-MOST_ACTIVE)
    shares = leastOnSimplex(gramOf(active.map(gapOf)), active.length)
  }
  const all = new Float64Array(count)
  active.forEach((k, i) => {
    all[k] = shares[i]
  })
  return all
}

function leastOf(count: number, valueOf: (k: number) => number): number {
  let [best, least] = [0, Infinity]
  for (let k = 0; k < count; k++) {
    const value = valueOf(k)
    if (value < least) [best, least] = [k, value]
  }
  return best
}

/** The components that reduce the distance most, of those below a slope and not active yet. */
function steepest(slopes: Float64Array, active: readonly number[], below: number): number[] {
  return Array.from(slopes.keys())
    .filter((k) => slopes[k] < below && !active.includes(k))
    .toSorted((a, b) => slopes[a] - slopes[b])
    .slice(0, ADDED_AT_ONCE)
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i]
  return sum
}

function mix(rows: readonly Float64Array[], shares: Float64Array): Float64Array {
  const mixed = new Float64Array(rows[0].length)
  rows.forEach((row, k) => {
    if (shares[k] === 0) return
    for (let j = 0; j < mixed.length; j++) mixed[j] += shares[k] * row[j]
  })
  return mixed
}

/** What the mixture leaves of each score: target − Σ share · mean. */
export function mixtureResidual(
  { means, target }: Pick<MixtureProblem, 'means' | 'target'>,
  shares: Float64Array,
): Float64Array {
  const residual = target.slice()
  const scores = target.length
  shares.forEach((share, k) => {
    if (share === 0) return
    for (let j = 0; j < scores; j++) residual[j] -= share * means[k * scores + j]
  })
  return residual
}

function gramOf(rows: readonly Float64Array[]): Float64Array {
  const count = rows.length
  const gram = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      gram[a * count + b] = gram[b * count + a] = dot(rows[a], rows[b])
    }
  }
  return gram
}

const STEPS = 400
const SETTLED = 1e-7

/** The shares that make share' · gram · share least: accelerated projected gradient (Beck and Teboulle 2009). */
function leastOnSimplex(gram: Float64Array, count: number): Float64Array {
  let shares: Float64Array = new Float64Array(count).fill(1 / count)
  const largest = largestEigenvalue(gram, count)
  if (largest === 0) return shares
  const step = 1 / largest
  let ahead: Float64Array = shares
  let momentum = 1
  for (let i = 0; i < STEPS; i++) {
    const slope = times(gram, ahead)
    const next = projectToSimplex(ahead.map((share, k) => share - step * slope[k]))
    const moved = next.reduce((sum, share, k) => sum + Math.abs(share - shares[k]), 0)
    const nextMomentum = (1 + Math.sqrt(1 + 4 * momentum * momentum)) / 2
    const previous = shares
    ahead = next.map((share, k) => share + ((momentum - 1) / nextMomentum) * (share - previous[k]))
    momentum = nextMomentum
    shares = next
    if (moved < SETTLED) break
  }
  return shares
}

function times(gram: Float64Array, vector: Float64Array): Float64Array {
  const count = vector.length
  const product = new Float64Array(count)
  for (let b = 0; b < count; b++) {
    if (vector[b] === 0) continue
    for (let a = 0; a < count; a++) product[a] += gram[b * count + a] * vector[b]
  }
  return product
}

function largestEigenvalue(gram: Float64Array, count: number): number {
  let vector: Float64Array = new Float64Array(count).fill(1 / Math.sqrt(count))
  let value = 0
  for (let i = 0; i < 20; i++) {
    const next = times(gram, vector)
    value = Math.hypot(...next)
    if (value === 0) return 0
    vector = next.map((one) => one / value)
  }
  // Power iteration comes from below; too large a step would not settle.
  return 1.1 * value
}

/** The nearest point with parts ≥ 0 that sum to 1 (Held, Wolfe and Crowder 1974). */
function projectToSimplex(point: Float64Array): Float64Array {
  const descending = point.toSorted((a, b) => b - a)
  let sum = 0
  let excess = 0
  for (let i = 0; i < descending.length; i++) {
    sum += descending[i]
    const candidate = (sum - 1) / (i + 1)
    if (descending[i] > candidate) excess = candidate
  }
  return point.map((one) => Math.max(0, one - excess))
}
