import type { Random } from '../../tensor/index.ts'
import { type CategoryStatistics, categoryStatistics, numberCategories } from './category.ts'
import {
  checkGroups,
  checkMatrix,
  type OmnibusColumnResult,
  type OmnibusGroup,
  type OmnibusResult,
} from './groups.ts'
import { combineByMinimumP, type CombinedStrength, shareReaching, strengthOf } from './minimum-p.ts'
import type { OmnibusReference } from './reference.ts'
import { RANK_SCORES, rankScoreTable, type ScoredColumn, scorePooled } from './scores.ts'
import { standardise } from './standardise.ts'
import { visitSubsetSums } from './subset-sums.ts'
import {
  drawSubsets,
  type PermutationPlan,
  planPermutations,
  type RowLabels,
  type Subsets,
} from './subsets.ts'

export type OmnibusExactOptions = {
  /** Null draws; the smallest p-value is 1 / (permutations + 1). Default 999. */
  readonly permutations?: number
  readonly random: Random
  /** Block (session, burst) of each row: rows of a block are exchanged together. */
  readonly blocks?: RowLabels
  /** Category (predicted class) of each row: rows are exchanged within a category only. */
  readonly strata?: RowLabels
}

/** A statistic of one group, one value per draw. */
type Channel = {
  readonly statistics: Float32Array
  /** Column that reached the largest observed value. */
  strongestColumn: number
}

type Task = ScoredColumn & { readonly rank: Channel; readonly rawChannel: Channel | null }

// Sixteen columns' scores of 10,000 rows stay within a core's cache.
const COLUMNS_AT_ONCE = 16

/**
 * Tests whether the window's rows could have been drawn with the reference's: rank scores and raw
 * values, maximum within a group, minimum p across groups, against random exchanges of rows
 * (Westfall–Young). Valid at any size when rows (blocks, rows within strata) are exchangeable.
 */
export function omnibusExact(
  reference: OmnibusReference,
  window: Float32Array,
  groups: readonly OmnibusGroup[],
  options: OmnibusExactOptions,
): OmnibusResult {
  const { permutations = 999, random, blocks, strata } = options
  checkGroups(groups, reference.columnCount)
  const windowRows = checkMatrix(window, reference.columnCount, 'window')
  const plan = planPermutations(reference.rows, windowRows, { blocks, strata })
  const subsets = drawSubsets(plan, permutations, random)
  const channels = groups.map(() => [] as Channel[])
  const tasks: Task[] = []
  groups.forEach((group, g) => {
    if (group.kind === 'category') {
      for (const column of group.columns) {
        const codes = numberCategories([reference.values, window], column, reference.columnCount)
        channels[g].push(...categoryChannels(categoryStatistics(codes, plan, subsets), column))
      }
    } else {
      const rank = openChannel(subsets.draws)
      const rawChannel = group.kind === 'rank+raw' ? openChannel(subsets.draws) : null
      channels[g].push(...(rawChannel === null ? [rank] : [rank, rawChannel]))
      for (const column of group.columns) {
        tasks.push({ column, raw: rawChannel !== null, rank, rawChannel })
      }
    }
  })
  const columns = fillChannels(reference, window, { tasks, plan, subsets })
  return summarise({ groups, channels, columns, draws: permutations })
}

function openChannel(draws: number): Channel {
  return { statistics: new Float32Array(draws), strongestColumn: -1 }
}

function categoryChannels(statistics: CategoryStatistics, column: number): Channel[] {
  return [statistics.largest, statistics.chiSquared].map((values) => ({
    statistics: values,
    strongestColumn: column,
  }))
}

/** Runs the tasks over all draws, a cache-sized set of columns at a time. */
function fillChannels(
  reference: OmnibusReference,
  window: Float32Array,
  run: {
    readonly tasks: readonly Task[]
    readonly plan: PermutationPlan
    readonly subsets: Subsets
  },
): OmnibusColumnResult[] {
  const { tasks, plan, subsets } = run
  const rankScores = rankScoreTable(plan.rows)
  const results: OmnibusColumnResult[] = []
  for (let start = 0; start < tasks.length; start += COLUMNS_AT_ONCE) {
    const columns = tasks.slice(start, start + COLUMNS_AT_ONCE)
    const scores = standardise(scorePooled(reference, window, { columns, rankScores }), plan)
    const observed = new Float32Array(columns.length)
    const exceeded = new Uint32Array(columns.length)
    visitSubsetSums(scores, subsets, (draw, statistics) => {
      let at = 0
      for (let i = 0; i < columns.length; i++) {
        const task = columns[i]
        let largest = 0
        for (let s = 0; s < RANK_SCORES; s++) largest = Math.max(largest, statistics[at++])
        raise(task.rank, draw, { value: largest, column: task.column })
        if (task.rawChannel !== null) {
          const value = statistics[at++]
          raise(task.rawChannel, draw, { value, column: task.column })
          largest = Math.max(largest, value)
        }
        if (draw === 0) observed[i] = largest
        if (largest >= observed[i]) exceeded[i]++
      }
    })
    columns.forEach(({ column }, i) => {
      results.push({ column, statistic: observed[i], pValue: exceeded[i] / subsets.draws })
    })
  }
  return results
}

function raise(
  channel: Channel,
  draw: number,
  candidate: { readonly value: number; readonly column: number },
): void {
  const { value, column } = candidate
  if (draw === 0 && (channel.strongestColumn < 0 || value > channel.statistics[0])) {
    channel.strongestColumn = column
  }
  if (value > channel.statistics[draw]) channel.statistics[draw] = value
}

function summarise(test: {
  readonly groups: readonly OmnibusGroup[]
  readonly channels: readonly (readonly Channel[])[]
  readonly columns: readonly OmnibusColumnResult[]
  readonly draws: number
}): OmnibusResult {
  const { groups, channels, columns, draws } = test
  const ofGroup = channels.map((own) =>
    combineByMinimumP(own.map(({ statistics }) => strengthOf(statistics))),
  )
  const overall = combineByMinimumP(ofGroup)
  return {
    pValue: shareReaching(overall.values, overall.values[0]),
    mode: 'exact',
    draws,
    groups: groups.map(({ name }, g) => ({
      name,
      pValue: shareReaching(ofGroup[g].values, ofGroup[g].values[0]),
      adjustedPValue: shareReaching(overall.values, overall.parts[g][0]),
      strongestColumn: strongestOf(channels[g], ofGroup[g]),
    })),
    columns,
  }
}

function strongestOf(channels: readonly Channel[], { parts }: CombinedStrength): number {
  let strongest = 0
  for (let i = 1; i < parts.length; i++) if (parts[i][0] > parts[strongest][0]) strongest = i
  return channels[strongest].strongestColumn
}
