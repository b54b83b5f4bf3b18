import type { OmnibusGroup } from './groups.ts'
import { RANK_SCORES, type ScoredColumn } from './scores.ts'

/** One statistic of a group: the largest over its columns' rank scores or raw values, or a class test. */
export type Channel = {
  readonly group: number
  readonly kind: 'rank' | 'raw' | 'share' | 'deviance'
}

/** A column scored by rank, and by raw value where `rawChannel` is not null. */
export type ScoredTask = ScoredColumn & {
  readonly rankChannel: number
  readonly rawChannel: number | null
}

/** A column of category codes; its share channel is followed by its deviance channel. */
export type CategoryTask = { readonly column: number; readonly shareChannel: number }

/** Which columns feed which channels of which groups. */
export type OmnibusLayout = {
  readonly channels: readonly Channel[]
  readonly scored: readonly ScoredTask[]
  readonly categories: readonly CategoryTask[]
}

/** Derives the channels of the groups, in the groups' order. */
export function layOut(groups: readonly OmnibusGroup[]): OmnibusLayout {
  const channels: Channel[] = []
  const scored: ScoredTask[] = []
  const categories: CategoryTask[] = []
  groups.forEach(({ kind, columns }, group) => {
    if (kind === 'category') {
      for (const column of columns) {
        categories.push({ column, shareChannel: channels.length })
        channels.push({ group, kind: 'share' }, { group, kind: 'deviance' })
      }
      return
    }
    const rankChannel = channels.push({ group, kind: 'rank' }) - 1
    const raw = kind === 'rank+raw'
    const rawChannel = raw ? channels.push({ group, kind: 'raw' }) - 1 : null
    for (const column of columns) scored.push({ column, raw, rankChannel, rawChannel })
  })
  return { channels, scored, categories }
}

/** Channel of each score column of these tasks, in the score table's order. */
export function channelsOfScores(tasks: readonly ScoredTask[]): Uint16Array {
  return Uint16Array.from(
    tasks.flatMap(({ rankChannel, rawChannel }) => [
      ...Array.from({ length: RANK_SCORES }, () => rankChannel),
      ...(rawChannel === null ? [] : [rawChannel]),
    ]),
  )
}
