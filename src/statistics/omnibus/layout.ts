import type { MapRange, OmnibusGroup } from './groups.ts'
import { RANK_SCORES, type ScoredColumn } from './scores.ts'

/** A column (or a map, by its number within the group) as a member of a group. */
export type TestedColumn = {
  readonly group: number
  readonly column: number
  readonly isMap?: true
}

/** One statistic of one tested column, and the channel it is heard in. */
export type ColumnStatistic = {
  /** Index of the tested column. */
  readonly of: number
  readonly channel: number
}

/** A column scored by rank; its rank statistic stands at `at`, that of its raw values behind it. */
export type ScoredTask = ScoredColumn & { readonly at: number }

/** A column of category codes; its share statistic stands at `at`, its deviance behind it. */
export type CategoryTask = { readonly column: number; readonly at: number }

/** A map; its statistic stands at `at`. */
export type MapTask = MapRange & { readonly at: number }

/** What is computed, and how it is put together. */
export type OmnibusLayout = {
  /**
   * Group of each channel. A channel is one statistic of a group: the largest over its columns' rank scores, or over
   * their raw values; of categories each column has two of its own, for the largest share and for all of them; each map has one.
   */
  readonly groupOfChannel: readonly number[]
  /** In the groups' order. */
  readonly columns: readonly TestedColumn[]
  /** In the columns' order. */
  readonly statistics: readonly ColumnStatistic[]
  readonly scored: readonly ScoredTask[]
  readonly categories: readonly CategoryTask[]
  readonly maps: readonly MapTask[]
}

/** Derives statistics and channels of the groups, in the groups' order. */
export function layOut(groups: readonly OmnibusGroup[]): OmnibusLayout {
  const groupOfChannel: number[] = []
  const columns: TestedColumn[] = []
  const statistics: ColumnStatistic[] = []
  const scored: ScoredTask[] = []
  const categories: CategoryTask[] = []
  const mapped: MapTask[] = []
  groups.forEach(({ kind, columns: members, maps = [] }, group) => {
    if (kind === 'map') {
      maps.forEach((range, map) => {
        const of = columns.push({ group, column: map, isMap: true }) - 1
        const channel = groupOfChannel.push(group) - 1
        mapped.push({ ...range, at: statistics.push({ of, channel }) - 1 })
      })
      return
    }
    const channels = Array.from({ length: kind === 'rank' ? 1 : 2 }, () => group)
    const open = (): number => groupOfChannel.push(...channels) - channels.length
    const shared = kind === 'category' ? undefined : open()
    for (const column of members) {
      const of = columns.push({ group, column }) - 1
      const at = statistics.length
      const first = shared ?? open()
      channels.forEach((_, i) => statistics.push({ of, channel: first + i }))
      if (kind === 'category') categories.push({ column, at })
      else scored.push({ column, at, raw: kind === 'rank+raw' })
    }
  })
  return { groupOfChannel, columns, statistics, scored, categories, maps: mapped }
}

/** Statistic that each score column of these tasks belongs to, in the score table's order. */
export function statisticsOfScores(tasks: readonly ScoredTask[]): Uint16Array {
  return Uint16Array.from(
    tasks.flatMap(({ at, raw }) => [
      ...Array.from({ length: RANK_SCORES }, () => at),
      ...(raw ? [at + 1] : []),
    ]),
  )
}
