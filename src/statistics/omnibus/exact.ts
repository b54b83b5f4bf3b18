import type { Random } from '../../tensor/index.ts'
import { type Allowances, spareSums } from './allowances.ts'
import { numberCategories } from './category.ts'
import { drawChannels } from './channel-draws.ts'
import { checkGroups, checkMatrix, type OmnibusGroup, type OmnibusResult } from './groups.ts'
import { topRowsOf } from './higher-criticism.ts'
import { pValuesOf } from './p-values.ts'
import { layOut } from './layout.ts'
import { pooledMapScores } from './map-scores.ts'
import { windowNull } from './null-distribution.ts'
import type { OmnibusReference } from './reference.ts'
import { rankScoreTable, scorePooled } from './scores.ts'
import { standardise } from './standardise.ts'
import { drawSubsets, planPermutations, type RowLabels } from './subsets.ts'

export type OmnibusExactOptions = {
  /** Null draws; the smallest p-value is 1 / (permutations + 1). Default 999. */
  readonly permutations?: number
  readonly random: Random
  /** Block (session, burst) of each row: rows of a block are exchanged together. */
  readonly blocks?: RowLabels | undefined
  /**
   * Category (predicted class) of each row: rows are exchanged within a category only. With blocks as well, a block is
   * exchanged within the category most of its rows are of, and numbers are compared by their deviations from the mean
   * of their row's category: exact where a block holds one category, else where deviations do not depend on the mix.
   */
  readonly strata?: RowLabels | undefined
  /** What the window's own statistics are spared; the p-value then holds for references that near to the window's source. */
  readonly allowances?: Allowances | undefined
  /** Maps of the window's rows, bytes, where a `map` group is tested. */
  readonly maps?: Int8Array | undefined
}

/**
 * Tests whether the window's rows could have been drawn with the reference's: rank scores and raw
 * values, maximum within a group, minimum p across groups, against random exchanges of rows
 * (Westfall–Young). Valid at any size when rows (blocks, rows within strata) are exchangeable.
 */
// oxlint-disable-next-line eslint/max-params -- three values, then the options object
export function omnibusExact(
  reference: OmnibusReference,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
  options: OmnibusExactOptions,
): OmnibusResult {
  const { permutations = 999, random, blocks, strata, allowances, maps } = options
  checkGroups(groups, reference.columnCount)
  const windowRows = checkMatrix(window, reference.columnCount, 'window')
  const layout = layOut(groups)
  const plan = planPermutations(reference.rows, windowRows, { blocks, strata })
  const subsets = drawSubsets(plan, permutations, random)
  const rankScores = rankScoreTable(plan.rows)
  const [draws] = drawChannels(layout, {
    unitOfRow: plan.unitOfRow,
    subsets,
    sizes: [subsets.size],
    columnDraws: subsets.draws,
    score(tasks) {
      const table = scorePooled(reference, window, { columns: tasks, rankScores })
      const { table: units, ...moments } = standardise(table, plan)
      const spared =
        allowances && spareSums(allowances, { tasks, table, plan, scale: moments.scale })
      return { table: units, moments: [moments], spared }
    },
    rows: plan.rows,
    sumsWindow: plan.sumsWindow,
    topRows: (column) => topRowsOf(reference, window, column),
    categorise: (column) =>
      numberCategories([reference.values, window], column, reference.columnCount),
    mapScores:
      maps &&
      reference.maps &&
      pooledMapScores(
        [
          { values: reference.maps, rows: reference.rows },
          { values: maps, rows: windowRows },
        ],
        plan,
      ),
  })
  const test = { groups, layout, null: windowNull(layout, draws), isDrawn: true }
  const observed = draws.statistics.map((own) => own[0])
  return { ...pValuesOf(test, observed), mode: 'exact', draws: permutations }
}
