import { concatenateValues } from '../../tensor/index.ts'
import { type CategoryCodes, visitCategoryCounts } from './category.ts'
import { channelsOfScores, type OmnibusLayout, type ScoredTask } from './layout.ts'
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
  /** Scores of these columns per unit, with the moments of their sums for each size. */
  readonly score: (tasks: readonly ScoredTask[]) => {
    readonly table: ScoreTable
    readonly moments: readonly SumMoments[]
  }
  readonly categorise: (column: number) => CategoryCodes
}

export type ChannelDraws = {
  /** sizes × channels, each with one statistic per draw. */
  readonly statistics: readonly (readonly Float32Array[])[]
  /** Statistics of every score column in draw 0 at the last size, in the layout's order. */
  readonly first: Float32Array
}

// Eight columns' scores of 10,000 rows stay within a core's cache.
const COLUMNS_AT_ONCE = 8

/** Evaluates every channel on every draw, a cache-sized set of columns at a time. */
export function drawChannels(layout: OmnibusLayout, source: DrawSource): ChannelDraws {
  const { unitOfRow, subsets, sizes } = source
  const statistics = sizes.map(() => layout.channels.map(() => new Float32Array(subsets.draws)))
  const first: Float32Array[] = []
  for (let start = 0; start < layout.scored.length; start += COLUMNS_AT_ONCE) {
    const tasks = layout.scored.slice(start, start + COLUMNS_AT_ONCE)
    const { table, moments } = source.score(tasks)
    const checkpoints = sizes.map((size, s): Checkpoint => ({ size, ...moments[s] }))
    first.push(raiseChannels(statistics, { table, subsets, checkpoints, tasks }))
  }
  for (const { column, shareChannel } of layout.categories) {
    visitCategoryCounts(source.categorise(column), {
      unitOfRow,
      subsets,
      sizes,
      visit(draw, s, { largest, deviance }) {
        statistics[s][shareChannel][draw] = largest
        statistics[s][shareChannel + 1][draw] = deviance
      },
    })
  }
  return { statistics, first: concatenateValues(first) }
}

function raiseChannels(
  statistics: readonly (readonly Float32Array[])[],
  run: {
    readonly table: ScoreTable
    readonly subsets: Subsets
    readonly checkpoints: readonly Checkpoint[]
    readonly tasks: readonly ScoredTask[]
  },
): Float32Array {
  const { table, subsets, checkpoints, tasks } = run
  const channelOf = channelsOfScores(tasks)
  const first = new Float32Array(table.width)
  visitSubsetSums(table, subsets, {
    checkpoints,
    visit(draw, s, values) {
      if (draw === 0) first.set(values)
      const channels = statistics[s]
      for (let w = 0; w < values.length; w++) {
        const channel = channels[channelOf[w]]
        if (values[w] > channel[draw]) channel[draw] = values[w]
      }
    },
  })
  return first
}
