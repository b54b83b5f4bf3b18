import {
  ALLOWED_SCORES,
  createScoreScale,
  meanOf,
  mixtureResidual,
  nearestMixture,
  type OmnibusGroup,
  type OmnibusReference,
  prepareOmnibusReference,
  type ScoreScale,
  scoresOfColumn,
} from '../../statistics/index.ts'
import { concatenateValues, createRandom } from '../../tensor/index.ts'
import { gatherNeighbourhoods } from './neighbourhoods.ts'
import type { TolerancePool } from './pool.ts'

/** What a batch's nearest mixture is searched with; components are the untouched reference, then the neighbourhoods. */
export type MixtureModel = {
  readonly reference: OmnibusReference
  readonly pool: TolerancePool
  /** Copies changed nearly alike, as rows of the pool. */
  readonly neighbourhoods: readonly Uint32Array[]
  readonly scale: ScoreScale
  /** Place of each score in a table of allowances; −1 for a category's share. */
  readonly places: Int32Array
  /** The column of each score. */
  readonly columns: Int32Array
  /** components × scores: mean scores. */
  readonly means: Float64Array
  /** components × scores: mean squares of the scores. */
  readonly squares: Float64Array
}

/** Rows of reference and copies that scores are ranked among. */
const BASE_ROWS = 4000

/** Neighbourhoods are part of the method, not of a check. */
const SEED = 1

/** Prepares reference and copies for the search. */
export function createMixtureModel(
  reference: OmnibusReference,
  pool: TolerancePool,
  groups: readonly OmnibusGroup[],
): MixtureModel {
  const scale = scaleOfBoth(reference, pool.values, { groups, rows: BASE_ROWS })
  const neighbourhoods = gatherNeighbourhoods(pool, createRandom(SEED))
  return {
    reference,
    pool,
    neighbourhoods,
    scale,
    ...placesOf(scale),
    ...componentMoments(scale, { reference, pool, neighbourhoods }),
  }
}

/** The scores of columns by ranks among the first of the reference's rows and of the copies', `rows` of both together. */
export function scaleOfBoth(
  reference: OmnibusReference,
  copies: Float32Array,
  { groups, rows }: { readonly groups: readonly OmnibusGroup[]; readonly rows: number },
): ScoreScale {
  const width = reference.columnCount
  const half = (values: Float32Array) => values.subarray(0, (rows / 2) * width)
  const base = concatenateValues([half(reference.values), half(copies)])
  return createScoreScale(prepareOmnibusReference(base, width), groups)
}

function placesOf(scale: ScoreScale): Pick<MixtureModel, 'places' | 'columns'> {
  const places = scale.columns.flatMap(({ column, raw, categories }) =>
    categories === null
      ? Array.from({ length: ALLOWED_SCORES - (raw ? 0 : 1) }, (_, s) => ({
          column,
          place: ALLOWED_SCORES * column + s,
        }))
      : Array.from(categories, () => ({ column, place: -1 })),
  )
  return {
    places: Int32Array.from(places, ({ place }) => place),
    columns: Int32Array.from(places, ({ column }) => column),
  }
}

/** Copies differ from their originals less than images from each other: means are those of the reference plus the mean change. */
function componentMoments(
  scale: ScoreScale,
  of: Pick<MixtureModel, 'reference' | 'pool' | 'neighbourhoods'>,
): Pick<MixtureModel, 'means' | 'squares'> {
  const { reference, pool, neighbourhoods } = of
  const scores = scale.columns.flatMap((column) => {
    const originals = scoresOfColumn(scale, column, reference.values)
    return scoresOfColumn(scale, column, pool.values).map((copies, s) => {
      const own = originals[s]
      const mean = meanOf(own)
      const changes = copies.map((copy, row) => copy - own[pool.originals[row]])
      const square = (score: number): number => score * score
      const squared = copies.map(square)
      return {
        means: [mean, ...neighbourhoods.map((rows) => mean + meanOver(changes, rows))],
        squares: [
          meanOf(own.map(square)),
          ...neighbourhoods.map((rows) => meanOver(squared, rows)),
        ],
      }
    })
  })
  const components = 1 + neighbourhoods.length
  return {
    means: transpose(
      scores.map(({ means }) => means),
      components,
    ),
    squares: transpose(
      scores.map(({ squares }) => squares),
      components,
    ),
  }
}

/** Row-major, of columns of so many numbers each. */
function transpose(columns: readonly (readonly number[])[], rows: number): Float64Array {
  const flat = new Float64Array(columns.length * rows)
  columns.forEach((column, j) =>
    column.forEach((value, k) => {
      flat[k * columns.length + j] = value
    }),
  )
  return flat
}

function meanOver(values: Float32Array, rows: Uint32Array): number {
  let sum = 0
  for (let i = 0; i < rows.length; i++) sum += values[rows[i]]
  return sum / rows.length
}

/** A mixture, and how it differs from what it was fitted to. */
export type FittedMixture = {
  /** One per component, sum 1. */
  readonly shares: Float64Array
  /** What the mixture leaves of each mean score. */
  readonly residual: Float64Array
  /** Standard deviation of each score within the mixture. */
  readonly deviations: Float64Array
}

/** What a mixture is fitted to. */
export type MixtureTarget = {
  /** Mean scores of a batch. */
  readonly target: Float64Array
  /** Columns that don't count. */
  readonly unfitted: ReadonlySet<number>
}

/** Rounds in which scores are weighed by their spread within the mixture found before. */
const ROUNDS = 2

/** Further rounds in which they are weighed by what the mixture before left of them. */
const ROUNDS_OF_LARGEST = 2

/** Differences in standard errors from which on a score counts twice as much in the next round. */
const CONSPICUOUS = 3

/** Least spread of a score within a mixture, of its spread over all that is tolerated. */
const LEAST_SPREAD = 0.1

/**
 * The mixture nearest to these mean scores by differences in standard deviations, all of them together; or, with
 * `largestOf` so many images, by the largest differences: those that stay large count more and more (Lawson 1961).
 */
export function fitMixture(
  model: MixtureModel,
  { target, unfitted }: MixtureTarget,
  { largestOf }: { readonly largestOf?: number } = {},
): FittedMixture {
  const { means, columns } = model
  const components = means.length / target.length
  let shares = new Float64Array(components).fill(1 / components)
  // Nearly constant scores of the mixture must not decide by themselves.
  const least = deviationsOf(model, shares).map((deviation) => LEAST_SPREAD * deviation)
  const weights = Float64Array.from(columns, (column) => (unfitted.has(column) ? 0 : 1))
  let deviations = least
  let residual = target
  const rounds = ROUNDS + (largestOf === undefined ? 0 : ROUNDS_OF_LARGEST)
  for (let round = 0; round < rounds; round++) {
    deviations = deviationsOf(model, shares).map((one, j) => Math.max(one, least[j]))
    const importance = deviations.map((one, j) => (one > 0 ? weights[j] / (one * one) : 0))
    shares = Float64Array.from(nearestMixture({ means, target, importance }))
    residual = mixtureResidual({ means, target }, shares)
    if (largestOf === undefined) continue
    // A score that never varies has no importance, whatever its weight.
    for (let j = 0; j < weights.length; j++) {
      const errors = (residual[j] / deviations[j]) * Math.sqrt(largestOf)
      weights[j] *= 1 + (errors / CONSPICUOUS) ** 2
    }
  }
  return { shares, residual, deviations }
}

function deviationsOf({ means, squares }: MixtureModel, shares: Float64Array): Float64Array {
  const scores = means.length / shares.length
  const mean = new Float64Array(scores)
  const square = new Float64Array(scores)
  shares.forEach((share, k) => {
    if (share === 0) return
    for (let j = 0; j < scores; j++) {
      mean[j] += share * means[k * scores + j]
      square[j] += share * squares[k * scores + j]
    }
  })
  return square.map((one, j) => Math.sqrt(Math.max(0, one - mean[j] * mean[j])))
}
