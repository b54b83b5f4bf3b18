import type { Random } from '../../tensor/index.ts'
import { countValues, numberCategories } from './category.ts'
import { drawChannels } from './channel-draws.ts'
import { omnibusExact } from './exact.ts'
import { checkGroups, checkMatrix, type OmnibusGroup, type OmnibusResult } from './groups.ts'
import { topRowsOf } from './higher-criticism.ts'
import { pValuesOf } from './p-values.ts'
import { layOut, type OmnibusLayout, type ScoredTask } from './layout.ts'
import { windowNull, type WindowNull } from './null-distribution.ts'
import type { OmnibusReference } from './reference.ts'
import { mapMoments } from './map-window.ts'
import { referenceMapScores } from './map-scores.ts'
import { rankScoreTable, scorePooled, type ScoreTable } from './scores.ts'
import { momentsOf, type SumMoments } from './standardise.ts'
import { drawRandomSubsets } from './subsets.ts'
import { compareWindow, type WindowFrame } from './window-scores.ts'

/** The null of one window size. */
export type FastNull = WindowNull & { readonly size: number }

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
  /** Null draws per size. Default 1999: enough for a screen, since no alarm rests on them. */
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
  const { draws = 1999 } = options
  const layout = layOut(groups)
  const empty = {
    reference,
    groups,
    draws,
    ...scoreMoments(reference, layout),
    maps: layout.maps.length > 0 ? mapMoments(reference) : undefined,
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
  const drawn = drawChannels(layout, {
    unitOfRow: null,
    subsets: drawRandomSubsets(rows, sizes[sizes.length - 1], { draws, random: options.random }),
    sizes,
    columnDraws: COLUMN_DRAWS,
    score: (tasks) => scoreReference(reference, { tasks, rankScores, sizes }),
    rows,
    sumsWindow: true,
    topRows: (column) => topRowsOf(reference, EMPTY, column),
    categorise: (column) => numberCategories([reference.values], column, reference.columnCount),
    mapScores: reference.maps && referenceMapScores({ values: reference.maps, rows }, sizes),
  })
  const added = sizes.map((size, s): FastNull =>
    Object.assign(windowNull(layout, drawn[s]), { size }),
  )
  return { ...prepared, nulls: [...nulls, ...added].toSorted((a, b) => a.size - b.size) }
}

export type FastTestOptions = {
  /** The largest p-value that will be called an alarm. */
  readonly level: number
  /** Draws of the exact test. Default 999. */
  readonly permutations?: number
  readonly random: Random
  /** Maps of the window's rows, bytes, where a `map` group is tested. */
  readonly maps?: Int8Array | undefined
}

/**
 * Screens a window of a prepared size, and decides by the exact test what the screen does not clear. The prepared
 * null does not hold the window's own rows, so it can be wrong where few rare rows decide; yet an alarm is always the
 * exact test's own, so that alarms at `level` are no more frequent than that test's, whatever the data.
 */
export function omnibusFast(
  prepared: FastOmnibus,
  window: Float32Array,
  { level, ...exact }: FastTestOptions,
): OmnibusResult {
  const screened = screenWindow(prepared, window, exact.maps)
  return screened.pValue > screeningLevel(level)
    ? screened
    : omnibusExact(prepared.reference, window, prepared.groups, exact)
}

/** Above this p-value of the screen a window is quiet: far enough from `level` that what alarms is not missed. */
export function screeningLevel(level: number): number {
  return Math.max(0.05, 5 * level)
}

/** The window's p-value by the prepared null alone: an approximation, valid as rows / reference goes to 0. */
export function screenWindow(
  prepared: FastOmnibus,
  window: Float32Array,
  maps?: Int8Array,
): OmnibusResult {
  const { reference, groups, draws, nulls } = prepared
  const size = checkMatrix(window, reference.columnCount, 'window')
  const distribution = nulls.find((one) => one.size === size)
  if (distribution === undefined) {
    const sizes = nulls.map((one) => one.size).join(', ')
    throw new RangeError(`expected a window of a prepared size (${sizes}), got ${size} rows`)
  }
  const layout = layOut(groups)
  const test = { groups, layout, null: distribution, isDrawn: false }
  const judgement = pValuesOf(test, compareWindow({ ...prepared, layout }, window, maps))
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

/** Draws behind the p-values of single columns: a window that the screen clears needs them coarsely. */
const COLUMN_DRAWS = 199

const EMPTY = new Float32Array(0)

function allRows({ rows }: OmnibusReference): Uint32Array {
  return new Uint32Array(rows).map((_, row) => row)
}
