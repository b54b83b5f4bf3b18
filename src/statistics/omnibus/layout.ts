import type { MapRange, OmnibusGroup } from './groups.ts'
import { RANK_SCORES, type ScoredColumn } from './scores.ts'

/** A column (or a map, by its number within the group) as a member of a group. */
export type TestedColumn = {
  readonly group: number
  readonly column: number
  readonly isMap?: true
  /** No column, but what those of the group say together. */
  readonly isWhole?: true
}

/** One statistic of one tested column, and the channel it is heard in. */
export type ColumnStatistic = {
  /** Index of the tested column. */
  readonly of: number
  readonly channel: number
}

/** A column scored by rank; its rank statistic stands at `at`, that of its raw values behind it. */
export type ScoredTask = ScoredColumn & {
  readonly at: number
  /** The statistic that the square of its location statistic is added to. */
  readonly whole?: number | undefined
}

/** A column whose highest rows are counted; its statistic stands at `at`. */
export type TopTask = { readonly column: number; readonly at: number }

/** A column of category codes; its share statistic stands at `at`, its deviance behind it. */
export type CategoryTask = { readonly column: number; readonly at: number }

/** A map; its statistic stands at `at`. */
export type MapTask = MapRange & { readonly at: number }

/** What is computed, and how it is put together. */
export type OmnibusLayout = {
  /**
   * Group of each channel. A channel is one statistic of a group: the largest over its columns' rank scores, or over
   * their raw values, or over their highest rows; of categories each column has two of its own, for the largest share and
   * for all of them; each map has one, and so have columns taken together.
   */
  readonly groupOfChannel: readonly number[]
  /** In the groups' order. */
  readonly columns: readonly TestedColumn[]
  /** In the columns' order. */
  readonly statistics: readonly ColumnStatistic[]
  readonly scored: readonly ScoredTask[]
  readonly categories: readonly CategoryTask[]
  readonly maps: readonly MapTask[]
  readonly tops: readonly TopTask[]
  /** Statistics that are sums over the columns of a group. */
  readonly wholes: readonly number[]
}

const NO_COLUMN = -1

/** Derives statistics and channels of the groups, in the groups' order. */
export function layOut(groups: readonly OmnibusGroup[]): OmnibusLayout {
  const groupOfChannel: number[] = []
  const columns: TestedColumn[] = []
  const statistics: ColumnStatistic[] = []
  const scored: ScoredTask[] = []
  const categories: CategoryTask[] = []
  const mapped: MapTask[] = []
  const tops: TopTask[] = []
  const wholes: number[] = []
  groups.forEach(({ kind, columns: members, maps = [], also }, group) => {
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
    const top = also === 'few' ? groupOfChannel.push(group) - 1 : undefined
    const whole =
      also === 'together'
        ? statistics.push({
            of: columns.push({ group, column: NO_COLUMN, isWhole: true }) - 1,
            channel: groupOfChannel.push(group) - 1,
          }) - 1
        : undefined
    if (whole !== undefined) wholes.push(whole)
    for (const column of members) {
      const of = columns.push({ group, column }) - 1
      const at = statistics.length
      const first = shared ?? open()
      channels.forEach((_, i) => statistics.push({ of, channel: first + i }))
      if (kind === 'category') categories.push({ column, at })
      else scored.push({ column, at, raw: kind === 'rank+raw', whole })
      if (top !== undefined) tops.push({ column, at: statistics.push({ of, channel: top }) - 1 })
    }
  })
  return { groupOfChannel, columns, statistics, scored, categories, maps: mapped, tops, wholes }
}

/** Of each score column, in the score table's order: the statistic that its square is added to, or −1. */
export function wholesOfScores(tasks: readonly ScoredTask[]): Int32Array {
  return Int32Array.from(
    tasks.flatMap(({ raw, whole = -1 }) => [
      whole,
      ...Array.from({ length: RANK_SCORES - 1 + (raw ? 1 : 0) }, () => -1),
    ]),
  )
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
