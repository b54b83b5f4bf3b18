import type { Random } from '../../tensor/index.ts'
import { countValues, numberCategories } from './category.ts'
import { drawChannels } from './channel-draws.ts'
import { checkGroups, checkMatrix, type OmnibusGroup, type OmnibusResult } from './groups.ts'
import { judge } from './judge.ts'
import { layOut, type OmnibusLayout, type ScoredTask } from './layout.ts'
import { buildNull, type OmnibusNull } from './null-distribution.ts'
import type { OmnibusReference } from './reference.ts'
import { rankScoreTable, scorePooled, type ScoreTable } from './scores.ts'
import { momentsOf, type SumMoments } from './standardise.ts'
import { drawRandomSubsets } from './subsets.ts'
import { compareWindow, type WindowFrame } from './window-scores.ts'

/** The null of one window size. */
export type FastNull = OmnibusNull & { readonly size: number }

/** All that fast mode needs: plain numbers and typed arrays. */
export type FastOmnibus = Omit<WindowFrame, 'layout'> & {
  readonly groups: readonly OmnibusGroup[]
  readonly draws: number
  /** Ascending by size. */
  readonly nulls: readonly FastNull[]
}

export type FastOmnibusOptions = {
  /** Window sizes to prepare, each at most half the reference. */
  readonly sizes: readonly number[]
  /** Null draws per size; the smallest p-value is 1 / (draws + 1). Default 10,000. */
  readonly draws?: number
  readonly random: Random
}

/**
 * Draws the null of the window test from subsets of the reference alone, so that a window costs
 * O(rows · columns · log reference) afterwards. Cost O(draws · largest size · score columns).
 */
export function prepareFastOmnibus(
  reference: OmnibusReference,
  groups: readonly OmnibusGroup[],
  options: FastOmnibusOptions,
): FastOmnibus {
  checkGroups(groups, reference.columnCount)
  const { draws = 10_000 } = options
  const layout = layOut(groups)
  const empty = {
    reference,
    groups,
    draws,
    ...scoreMoments(reference, layout),
    rankScores: rankScoreTable(reference.rows + 1),
    categories: layout.categories.map(({ column }) =>
      countValues(reference.values, column, reference.columnCount),
    ),
    nulls: [],
  }
  return extendFastOmnibus(empty, options)
}

/** The same with more window sizes; those already there are kept as they are. */
export function extendFastOmnibus(
  prepared: FastOmnibus,
  options: Pick<FastOmnibusOptions, 'sizes' | 'random'>,
): FastOmnibus {
  const { reference, nulls, draws } = prepared
  const { rows } = reference
  const known = new Set(nulls.map(({ size }) => size))
  const sizes = [...new Set(options.sizes)].filter((size) => !known.has(size))
  if (sizes.length === 0) return prepared
  sizes.sort((a, b) => a - b)
  checkSizes(sizes, rows)
  const layout = layOut(prepared.groups)
  const rankScores = rankScoreTable(rows)
  const { statistics } = drawChannels(layout, {
    unitOfRow: null,
    subsets: drawRandomSubsets(rows, sizes[sizes.length - 1], { draws, random: options.random }),
    sizes,
    score: (tasks) => scoreReference(reference, { tasks, rankScores, sizes }),
    categorise: (column) => numberCategories([reference.values], column, reference.columnCount),
  })
  const added = sizes.map((size, s): FastNull =>
    Object.assign(buildNull(layout, statistics[s]), { size }),
  )
  return { ...prepared, nulls: [...nulls, ...added].toSorted((a, b) => a.size - b.size) }
}

/** Tests a window of a prepared size against the null drawn from the reference. */
export function omnibusFast(prepared: FastOmnibus, window: Float32Array): OmnibusResult {
  const { reference, groups, draws, nulls } = prepared
  const size = checkMatrix(window, reference.columnCount, 'window')
  const distribution = nulls.find((one) => one.size === size)
  if (distribution === undefined) {
    const sizes = nulls.map((one) => one.size).join(', ')
    throw new RangeError(`expected a window of a prepared size (${sizes}), got ${size} rows`)
  }
  const layout = layOut(groups)
  const pool = { window: size, reference: reference.rows }
  const judgement = judge(
    { groups, layout, null: distribution, pool },
    compareWindow({ ...prepared, layout }, window),
  )
  return { ...judgement, mode: 'fast', draws }
}

function checkSizes(sizes: readonly number[], rows: number): void {
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 1 || size > rows / 2) {
      throw new RangeError(`expected window sizes of 1..${Math.floor(rows / 2)} rows, got ${size}`)
    }
  }
}

function scoreMoments(
  reference: OmnibusReference,
  { scored }: OmnibusLayout,
): Pick<WindowFrame, 'mean' | 'sumOfSquares'> {
  const rankScores = rankScoreTable(reference.rows)
  const parts = scored.map((task) => {
    const table = scorePooled(reference, EMPTY, { columns: [task], rankScores })
    return momentsOf(table, allRows(reference))
  })
  return {
    mean: Float64Array.from(parts.flatMap(({ average }) => Array.from(average))),
    sumOfSquares: Float64Array.from(parts.flatMap(({ squares }) => Array.from(squares))),
  }
}

function scoreReference(
  reference: OmnibusReference,
  of: {
    readonly tasks: readonly ScoredTask[]
    readonly rankScores: Float32Array
    readonly sizes: readonly number[]
  },
): { readonly table: ScoreTable; readonly moments: readonly SumMoments[] } {
  const table = scorePooled(reference, EMPTY, { columns: of.tasks, rankScores: of.rankScores })
  const { rows } = reference
  const { average, squares } = momentsOf(table, allRows(reference))
  const moments = of.sizes.map((size) => ({
    mean: average.map((one) => one * size),
    scale: squares.map((square) =>
      square > 0 ? Math.sqrt((rows * (rows - 1)) / (square * size * (rows - size))) : 0,
    ),
  }))
  return { table, moments }
}

const EMPTY = new Float32Array(0)

function allRows({ rows }: OmnibusReference): Uint32Array {
  return new Uint32Array(rows).map((_, row) => row)
}
