import type { OmnibusColumnResult, OmnibusGroup, OmnibusGroupResult } from './groups.ts'
import type { OmnibusLayout } from './layout.ts'
import {
  channelsOf,
  type GroupStrength,
  groupStrength,
  levelOf,
  type OmnibusNull,
} from './null-distribution.ts'
import { RANK_SCORES } from './scores.ts'
import { countBelow } from './sorted.ts'

/** One statistic of the observed window. */
export type Evidence = {
  readonly channel: number
  readonly column: number
  readonly statistic: number
}

export type Judgement = {
  readonly pValue: number
  readonly groups: readonly OmnibusGroupResult[]
  readonly columns: readonly OmnibusColumnResult[]
}

/** Evidence of every column and channel from the statistics of its score columns. */
export function gatherEvidence(layout: OmnibusLayout, scores: Float32Array): Evidence[] {
  const evidence: Evidence[] = []
  let at = 0
  for (const { column, rankChannel, rawChannel } of layout.scored) {
    let statistic = 0
    for (let s = 0; s < RANK_SCORES; s++) statistic = Math.max(statistic, scores[at++])
    evidence.push({ channel: rankChannel, column, statistic })
    if (rawChannel !== null) evidence.push({ channel: rawChannel, column, statistic: scores[at++] })
  }
  return evidence
}

/**
 * The evidence against its null. `added` is 0 when the observed window is one of the null's draws
 * (exact mode), 1 when it must be counted besides them.
 */
export function judge(
  test: {
    readonly groups: readonly OmnibusGroup[]
    readonly layout: OmnibusLayout
    readonly null: OmnibusNull
    readonly added: 0 | 1
  },
  evidence: readonly Evidence[],
): Judgement {
  const { groups, layout, null: distribution, added } = test
  const share = (sorted: Float32Array, value: number): number =>
    (sorted.length - countBelow(sorted, value) + added) / (sorted.length + added)
  let overall = -Infinity
  const groupResults = groups.map(({ name }, g): OmnibusGroupResult => {
    const strength = strengthIn(distribution, channelsOf(layout, g), evidence)
    const level = levelOf(distribution.groups[g], strength.value, strength.beyond)
    overall = Math.max(overall, level)
    return {
      name,
      pValue: share(distribution.groups[g], strength.value),
      adjustedPValue: share(distribution.overall, level),
      strongestColumn: strongestColumn(evidence, strength.strongestChannel),
    }
  })
  return {
    pValue: share(distribution.overall, overall),
    groups: groupResults,
    columns: judgeColumns(layout, distribution, { evidence, share }),
  }
}

function strengthIn(
  distribution: OmnibusNull,
  channels: readonly number[],
  evidence: readonly Evidence[],
): GroupStrength {
  return groupStrength(distribution.channels, channels, (channel) => {
    let largest = 0
    for (const { channel: own, statistic } of evidence) {
      if (own === channel && statistic > largest) largest = statistic
    }
    return largest
  })
}

function strongestColumn(evidence: readonly Evidence[], channel: number): number {
  const own = evidence.filter((one) => one.channel === channel)
  return own.reduce((best, one) => (one.statistic > best.statistic ? one : best)).column
}

function judgeColumns(
  layout: OmnibusLayout,
  distribution: OmnibusNull,
  of: {
    readonly evidence: readonly Evidence[]
    readonly share: (sorted: Float32Array, value: number) => number
  },
): OmnibusColumnResult[] {
  const byColumn = new Map<string, Evidence[]>()
  for (const one of of.evidence) {
    const key = `${layout.channels[one.channel].group} ${one.column}`
    const known = byColumn.get(key)
    if (known === undefined) byColumn.set(key, [one])
    else known.push(one)
  }
  return [...byColumn.values()].map((own) => {
    const { group } = layout.channels[own[0].channel]
    const channels = own.map(({ channel }) => channel)
    const { value } = strengthIn(distribution, channels, own)
    return {
      column: own[0].column,
      statistic: Math.max(...own.map(({ statistic }) => statistic)),
      adjustedPValue: of.share(distribution.groups[group], value),
    }
  })
}
