/** Distributions by the means of some scores, and what they are held against. */
export type MixtureProblem = {
  /** components × scores, row-major. */
  readonly means: Float64Array
  /** Means of the same scores over the sample. */
  readonly target: Float64Array
  /** How much a squared difference of each score counts, ≥ 0. */
  readonly importance: Float64Array
}

const STEPS = 400
const SETTLED = 1e-6

/**
 * Shares of the components (≥ 0, sum 1) whose mixture is nearest to the sample: Σ importance · (Σ share · mean − target)²
 * is least. Accelerated projected gradient (Beck and Teboulle 2009); O(components² · (scores + steps)).
 */
export function nearestMixture({ means, target, importance }: MixtureProblem): Float64Array {
  const scores = target.length
  const components = means.length / scores
  const differences = new Float64Array(means.length)
  for (let k = 0; k < components; k++) {
    for (let j = 0; j < scores; j++) {
      differences[k * scores + j] = (means[k * scores + j] - target[j]) * Math.sqrt(importance[j])
    }
  }
  // On the simplex Σ share · mean − target = Σ share · (mean − target).
  return leastOnSimplex(gramOf(differences, components), components)
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

function gramOf(rows: Float64Array, count: number): Float64Array {
  const width = rows.length / count
  const gram = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = a; b < count; b++) {
      let sum = 0
      for (let j = 0; j < width; j++) sum += rows[a * width + j] * rows[b * width + j]
      gram[a * count + b] = sum
      gram[b * count + a] = sum
    }
  }
  return gram
}

/** The shares that make share' · gram · share least. */
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
