/** How often something was found in runs at one strength. */
export type DetectionTrials = {
  /** More than 0. */
  readonly strength: number
  readonly runs: number
  readonly found: number
}

/** Chance of being found as a logistic function of the logarithm of the strength. */
export type DetectionCurve = {
  readonly intercept: number
  /** More than 0. */
  readonly slope: number
  /** Covariance of the two: of the intercept, of both, of the slope. */
  readonly covariance: readonly [number, number, number]
}

/** A strength, and its 95% interval. */
export type StrengthEstimate = {
  readonly strength: number
  readonly from: number
  readonly to: number
}

const MOST_STEPS = 100
/** Steps of this size are the last, in standard errors. */
const SMALL = 1e-8
const Z = 1.959963984540054

/**
 * The curve of a hit/miss experiment (Berens 1989, MIL-HDBK-1823A) by maximum likelihood penalised with Jeffreys' prior
 * (Firth 1993), which stays finite where all weak ones were missed and all strong ones found. Undefined where fewer than
 * two strengths were tried, or stronger is not found more often.
 */
export function fitDetectionCurve(trials: readonly DetectionTrials[]): DetectionCurve | undefined {
  const points = trials.map(({ strength, runs, found }) => ({ x: Math.log(strength), runs, found }))
  if (new Set(points.map(({ x }) => x)).size < 2) return undefined
  const middle = points.reduce((sum, { x }) => sum + x, 0) / points.length
  const centred = points.map(({ x, runs, found }) => ({ x: x - middle, runs, found }))
  let at: readonly [number, number] = [0, 0]
  for (let step = 0; step < MOST_STEPS; step++) {
    const { score, inverse } = scoreAt(centred, at)
    const move = [
      inverse[0] * score[0] + inverse[1] * score[1],
      inverse[1] * score[0] + inverse[2] * score[1],
    ]
    const next = climb(centred, at, move)
    const isLast =
      Math.abs(next[0] - at[0]) < SMALL * Math.sqrt(inverse[0]) &&
      Math.abs(next[1] - at[1]) < SMALL * Math.sqrt(inverse[2])
    at = next
    if (isLast) break
  }
  const [own, slope] = at
  if (!(slope > 0)) return undefined
  const [a, b, c] = scoreAt(centred, at).inverse
  const covariance = [a - 2 * middle * b + middle * middle * c, b - middle * c, c] as const
  return { intercept: own - slope * middle, slope, covariance }
}

/** The strength that is found with a chance, by the delta method on the logarithm (Berens 1989). */
export function strengthFound(
  { intercept, slope, covariance: [a, b, c] }: DetectionCurve,
  chance: number,
): StrengthEstimate {
  const x = (Math.log(chance / (1 - chance)) - intercept) / slope
  const error = Math.sqrt(Math.max(0, a + 2 * x * b + x * x * c)) / slope
  const [strength, from, to] = [x, x - Z * error, x + Z * error].map(Math.exp)
  return { strength, from, to }
}

/** The chance that a strength is found. */
export function chanceFound({ intercept, slope }: DetectionCurve, strength: number): number {
  return logistic(intercept + slope * Math.log(strength))
}

type Point = { readonly x: number; readonly runs: number; readonly found: number }

/** Half steps until the penalised likelihood grows. */
function climb(
  points: readonly Point[],
  [a, b]: readonly [number, number],
  [moveA, moveB]: readonly number[],
): readonly [number, number] {
  const before = penalisedLikelihood(points, [a, b])
  for (let size = 1; size > SMALL; size /= 2) {
    const next = [a + size * moveA, b + size * moveB] as const
    if (penalisedLikelihood(points, next) >= before) return next
  }
  return [a, b]
}

function penalisedLikelihood(points: readonly Point[], [a, b]: readonly [number, number]): number {
  let sum = 0
  for (const { x, runs, found } of points) {
    const logit = a + b * x
    sum -= found * softplus(-logit) + (runs - found) * softplus(logit)
  }
  const [i, j, k] = informationAt(points, [a, b])
  return sum + Math.log(i * k - j * j) / 2
}

/** Firth's modified score, and the inverse of the information. */
function scoreAt(
  points: readonly Point[],
  [a, b]: readonly [number, number],
): {
  readonly score: readonly [number, number]
  readonly inverse: readonly [number, number, number]
} {
  const [i, j, k] = informationAt(points, [a, b])
  const determinant = i * k - j * j
  const inverse = [k / determinant, -j / determinant, i / determinant] as const
  const score: [number, number] = [0, 0]
  for (const { x, runs, found } of points) {
    const chance = logistic(a + b * x)
    const weight = runs * chance * (1 - chance)
    const leverage = weight * (inverse[0] + 2 * x * inverse[1] + x * x * inverse[2])
    const residual = found - runs * chance + leverage * (0.5 - chance)
    score[0] += residual
    score[1] += residual * x
  }
  return { score, inverse }
}

function informationAt(
  points: readonly Point[],
  [a, b]: readonly [number, number],
): [number, number, number] {
  const information: [number, number, number] = [0, 0, 0]
  for (const { x, runs } of points) {
    const chance = logistic(a + b * x)
    const weight = runs * chance * (1 - chance)
    information[0] += weight
    information[1] += weight * x
    information[2] += weight * x * x
  }
  return information
}

const logistic = (x: number): number => 1 / (1 + Math.exp(-x))

const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))
