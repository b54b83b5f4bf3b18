import { solve } from '../tensor/index.ts'

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
  let active = [nearestOf(gaps, scores)]
  let shares: Float64Array = Float64Array.of(1)
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = mix(active.map(gapOf), shares)
    const slopes = slopesAlong(gaps, mixed)
    const added = steepest(slopes, active, dot(mixed, mixed) * (1 - WORTHWHILE))
    if (added.length === 0) break
    const kept = active.flatMap((k, i) => (shares[i] > 0 ? [{ k, share: shares[i] }] : []))
    const next = [...kept, ...added.map((k) => ({ k, share: 0 }))].slice(-MOST_ACTIVE)
    active = next.map(({ k }) => k)
    shares = leastOnSimplex(
      gramOf(active.map(gapOf)),
      next.map(({ share }) => share),
    )
  }
  const all = new Float64Array(count)
  active.forEach((k, i) => {
    all[k] = shares[i]
  })
  return all
}

function nearestOf(gaps: Float64Array, scores: number): number {
  let [nearest, least] = [0, Infinity]
  for (let k = 0; k * scores < gaps.length; k++) {
    let square = 0
    for (let i = k * scores; i < (k + 1) * scores; i++) square += gaps[i] * gaps[i]
    if (square < least) [nearest, least] = [k, square]
  }
  return nearest
}

function slopesAlong(gaps: Float64Array, mixed: Float64Array): Float64Array {
  const scores = mixed.length
  const slopes = new Float64Array(gaps.length / scores)
  for (let k = 0; k < slopes.length; k++) {
    let slope = 0
    for (let j = 0; j < scores; j++) slope += gaps[k * scores + j] * mixed[j]
    slopes[k] = slope
  }
  return slopes
}

/** The components that reduce the distance most, of those below a slope and not active yet. */
function steepest(slopes: Float64Array, active: readonly number[], below: number): number[] {
  const found: number[] = []
  for (let k = 0; k < slopes.length; k++) {
    const last = found.length < ADDED_AT_ONCE ? below : slopes[found[found.length - 1]]
    if (!(slopes[k] < last) || active.includes(k)) continue
    found.push(k)
    found.sort((a, b) => slopes[a] - slopes[b])
    if (found.length > ADDED_AT_ONCE) found.pop()
  }
  return found
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

/** Of the squared distance: less is rounding. */
const SETTLED = 1e-10

/**
 * The shares that make share' · gram · share least, from shares near to them: the nearest point of a polytope by active
 * sets (Wolfe 1976). Shares of zero at the start come in one after another while they help.
 */
function leastOnSimplex(gram: Float64Array, start: readonly number[]): Float64Array {
  const count = start.length
  const total = start.reduce((sum, share) => sum + share, 0)
  let shares = Float64Array.from(start, (share) => share / total)
  let used = placesAboveZero(shares)
  // Each step brings one in or takes one out; rounding could make it turn in circles.
  for (let step = 0; step < 4 * count; step++) {
    const aim = leastOnPlane(gram, used, count)
    const within = stepWithin(shares, aim, used)
    shares = shares.map((share, k) => withoutDust(share + within * (aim[k] - share)))
    if (within < 1) {
      used = placesAboveZero(shares)
      continue
    }
    const slopes = times(gram, shares)
    const distance = dot(slopes, shares)
    const best = lowestOf(slopes, used)
    if (best === undefined || slopes[best] >= distance * (1 - SETTLED)) break
    used = [...used, best]
  }
  return shares
}

/** Of the share that is taken out, rounding may leave this much. */
const DUST = 1e-15

const withoutDust = (share: number): number => (share > DUST ? share : 0)

const placesAboveZero = (shares: Float64Array): number[] =>
  [...shares.keys()].filter((k) => shares[k] > 0)

/** How far one may go towards `aim` until a share is nothing, at most 1. */
function stepWithin(shares: Float64Array, aim: Float64Array, used: readonly number[]): number {
  return used.reduce(
    (least, k) => (aim[k] < 0 ? Math.min(least, shares[k] / (shares[k] - aim[k])) : least),
    1,
  )
}

function lowestOf(values: Float64Array, except: readonly number[]): number | undefined {
  let lowest: number | undefined
  values.forEach((value, k) => {
    if (!except.includes(k) && (lowest === undefined || value < values[lowest])) lowest = k
  })
  return lowest
}

/** Ridge on the diagonal, of its mean: components may be alike. */
const RIDGE = 1e-12

/** Of the weights that sum to 1 over the components `used`, of any sign, those that make weight' · gram · weight least. */
function leastOnPlane(gram: Float64Array, used: readonly number[], count: number): Float64Array {
  const size = used.length
  const diagonal = used.reduce((sum, k) => sum + gram[k * count + k], 0) / size
  // On the plane this adds a constant and makes the system definite.
  const lifted = diagonal > 0 ? diagonal : 1
  const matrix = new Float64Array(size * size)
  used.forEach((a, i) =>
    used.forEach((b, j) => {
      matrix[i * size + j] = gram[a * count + b] + lifted + (i === j ? RIDGE * lifted : 0)
    }),
  )
  const solved = solve({ rows: size, columns: size, data: matrix }, new Float64Array(size).fill(1))
  const sum = solved.reduce((all, one) => all + one, 0)
  const weights = new Float64Array(count)
  used.forEach((k, i) => {
    weights[k] = solved[i] / sum
  })
  return weights
}

function times(gram: Float64Array, vector: Float64Array): Float64Array {
  const count = vector.length
  const product = new Float64Array(count)
  for (let b = 0; b < count; b++) {
    for (let a = 0; a < count; a++) product[a] += gram[b * count + a] * vector[b]
  }
  return product
}
