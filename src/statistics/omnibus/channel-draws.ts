import { type CategoryCodes, visitCategoryCounts } from './category.ts'
import {
  type CategoryTask,
  type OmnibusLayout,
  type ScoredTask,
  statisticsOfScores,
  wholesOfScores,
} from './layout.ts'
import { drawTops, type TopRows } from './higher-criticism.ts'
import { drawMap, type MapScores } from './map-draws.ts'
import type { ScoreTable } from './scores.ts'
import type { SumMoments } from './standardise.ts'
import { type Checkpoint, visitSubsetSums } from './subset-sums.ts'
import type { Subsets } from './subsets.ts'

/** What the draws are taken from. */
export type DrawSource = {
  /** Unit of each row; null when every row is its own unit. */
  readonly unitOfRow: Uint32Array | null
  readonly subsets: Subsets
  /** Subset sizes to evaluate, ascending. */
  readonly sizes: readonly number[]
  /** How many of the draws, the first ones, are kept column by column. */
  readonly columnDraws: number
  /** Scores of these columns per unit, with the moments of their sums for each size. */
  readonly score: (tasks: readonly ScoredTask[]) => {
    readonly table: ScoreTable
    readonly moments: readonly SumMoments[]
    /** What the observed draw's standardised sums are spared. */
    readonly spared?: Float64Array | undefined
  }
  readonly categorise: (column: number) => CategoryCodes
  /** The rows highest in a column. */
  readonly topRows: (column: number) => TopRows
  /** Of all units together. */
  readonly rows: number
  /** Whether subsets stand for the window; else for the reference. */
  readonly sumsWindow: boolean
  /** These bytes of the maps per unit, with the moments of their sums for each size. */
  readonly mapScores?: MapScores | undefined
}

/** The draws of one subset size. */
export type SizeDraws = {
  /** Per channel: the largest of its columns' statistics in every draw. */
  readonly channels: readonly Float32Array[]
  /** Per statistic of the layout, in the first draws. */
  readonly statistics: readonly Float32Array[]
}

// Eight columns' scores of 10,000 rows stay within a core's cache.
const COLUMNS_AT_ONCE = 8

/** Evaluates every statistic on every draw, a cache-sized set of columns at a time; one result per size. */
export function drawChannels(layout: OmnibusLayout, source: DrawSource): SizeDraws[] {
  const { subsets, sizes } = source
  const columnDraws = Math.min(source.columnDraws, subsets.draws)
  const results = sizes.map((): SizeDraws => ({
    channels: layout.groupOfChannel.map(() => new Float32Array(subsets.draws)),
    statistics: layout.statistics.map(() => new Float32Array(columnDraws)),
  }))
  const wholes = sizes.map(
    () => new Map(layout.wholes.map((at) => [at, new Float64Array(subsets.draws)])),
  )
  for (let start = 0; start < layout.scored.length; start += COLUMNS_AT_ONCE) {
    drawScores(
      layout,
      { ...source, tasks: layout.scored.slice(start, start + COLUMNS_AT_ONCE), wholes },
      results,
    )
  }
  wholes.forEach((own, size) => {
    for (const [s, values] of own) {
      values.forEach((value, draw) => keep(layout, results[size], { s, draw, value }))
    }
  })
  for (const { column, at: s } of layout.tops) {
    drawTops(source.topRows(column), source, ({ size, draw, value }) =>
      keep(layout, results[size], { s, draw, value }),
    )
  }
  for (const task of layout.categories) drawCategory(layout, { ...source, task }, results)
  for (const task of layout.maps) {
    drawMap(task, source, ({ size, draw, value }) =>
      keep(layout, results[size], { s: task.at, draw, value }),
    )
  }
  return results
}

function drawScores(
  layout: OmnibusLayout,
  {
    subsets,
    sizes,
    score,
    tasks,
    wholes,
  }: DrawSource & {
    readonly tasks: readonly ScoredTask[]
    /** Of each size, by statistic: the sums of every draw. */
    readonly wholes: readonly ReadonlyMap<number, Float64Array>[]
  },
  results: readonly SizeDraws[],
): void {
  const { table, moments, spared } = score(tasks)
  const checkpoints = sizes.map((size, s): Checkpoint => ({ size, ...moments[s] }))
  const statisticOf = statisticsOfScores(tasks)
  const own = [...new Set(statisticOf)]
  const wholeOf = wholesOfScores(tasks)
  const largest = new Float32Array(layout.statistics.length)
  visitSubsetSums(table, subsets, {
    checkpoints,
    visit(draw, size, values) {
      if (draw === 0 && spared !== undefined) lower(values, spared)
      for (const s of own) largest[s] = 0
      for (let w = 0; w < values.length; w++) {
        if (values[w] > largest[statisticOf[w]]) largest[statisticOf[w]] = values[w]
        const whole = wholeOf[w] < 0 ? undefined : wholes[size].get(wholeOf[w])
        if (whole !== undefined) whole[draw] += values[w] * values[w]
      }
      for (const s of own) keep(layout, results[size], { s, draw, value: largest[s] })
    },
  })
}

function drawCategory(
  layout: OmnibusLayout,
  { unitOfRow, subsets, sizes, categorise, task }: DrawSource & { readonly task: CategoryTask },
  results: readonly SizeDraws[],
): void {
  const { column, at } = task
  visitCategoryCounts(categorise(column), {
    unitOfRow,
    subsets,
    sizes,
    visit(draw, size, { largest, deviance }) {
      keep(layout, results[size], { s: at, draw, value: largest })
      keep(layout, results[size], { s: at + 1, draw, value: deviance })
    },
  })
}

function keep(
  layout: OmnibusLayout,
  { channels, statistics }: SizeDraws,
  { s, draw, value }: { readonly s: number; readonly draw: number; readonly value: number },
): void {
  const channel = channels[layout.statistics[s].channel]
  if (value > channel[draw]) channel[draw] = value
  if (draw < statistics[s].length) statistics[s][draw] = value
}

function lower(values: Float32Array, by: Float64Array): void {
  for (let w = 0; w < values.length; w++) values[w] = Math.max(0, values[w] - by[w])
}
