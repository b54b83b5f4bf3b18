import { countValues } from './category.ts'
import type { OmnibusGroup } from './groups.ts'
import { layOut } from './layout.ts'
import { type OmnibusReference, placeColumn, takeColumn } from './reference.ts'
import { RANK_SCORES, rankScoreTable } from './scores.ts'

/**
 * The scores of the window test against one fixed sample, whatever they are compared with: means of such scores are
 * linear in the distribution of the rows, so that mixtures of samples can be compared by them.
 */
export type ScoreScale = {
  readonly base: OmnibusReference
  /** How each column is scored; `categories` where it holds category codes. */
  readonly columns: readonly ScaledColumn[]
  readonly rankScores: Float32Array
}

type ScaledColumn = {
  readonly column: number
  readonly raw: boolean
  readonly categories: Float32Array | null
}

/** A scale whose scores come in the order of the groups' columns: four by rank, then the raw value where it counts. */
export function createScoreScale(
  base: OmnibusReference,
  groups: readonly OmnibusGroup[],
): ScoreScale {
  const { scored, categories } = layOut(groups)
  return {
    base,
    columns: [
      ...scored.map(({ column, raw }) => ({ column, raw, categories: null })),
      ...categories.map(({ column }) => ({
        column,
        raw: false,
        categories: countValues(base.values, column, base.columnCount).values,
      })),
    ],
    rankScores: rankScoreTable(base.rows + 1),
  }
}

/** Scores of one column over rows × columns: one array per score. */
export function scoresOfColumn(
  { base, rankScores }: ScoreScale,
  { column, raw, categories }: ScaledColumn,
  values: Float32Array,
): readonly Float32Array[] {
  const { columnCount } = base
  const own = takeColumn(values, column, columnCount)
  if (categories !== null) {
    return Array.from(categories, (category) => own.map((value) => (value === category ? 1 : 0)))
  }
  const places = new Uint32Array(own.length)
  placeColumn(base, values, { column, places })
  const ranked = Array.from({ length: RANK_SCORES }, (_, score) =>
    own.map((__, row) => rankScores[RANK_SCORES * places[row] + score]),
  )
  return raw ? [...ranked, own] : ranked
}

/** Mean of every score over rows × columns. */
export function meanScores(scale: ScoreScale, values: Float32Array): Float64Array {
  return Float64Array.from(
    scale.columns.flatMap((column) => scoresOfColumn(scale, column, values).map(meanOf)),
  )
}

/** Mean of an array. */
export function meanOf(values: Float32Array): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}
