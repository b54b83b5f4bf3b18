import { chanceWithDecisive, type PoolSize, type Statistic } from './decisive-rows.ts'
import type { OmnibusColumnResult, OmnibusGroup, OmnibusGroupResult } from './groups.ts'
import type { OmnibusLayout } from './layout.ts'
import { channelStrength, levelOf, type OmnibusNull } from './null-distribution.ts'
import { RANK_SCORES } from './scores.ts'
import { countBelow, countNotAbove } from '../sorted.ts'

/** One statistic of the observed window. */
export type Evidence = Statistic & { readonly channel: number; readonly column: number }

/** The p-values and what they rest on. */
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
    evidence.push({ channel: rankChannel, column, statistic, rest: [] })
    if (rawChannel !== null) {
      evidence.push({ channel: rawChannel, column, statistic: scores[at++], rest: [] })
    }
  }
  return evidence
}

/** What evidence is judged by. */
export type JudgedTest = {
  readonly groups: readonly OmnibusGroup[]
  readonly layout: OmnibusLayout
  readonly null: OmnibusNull
  /** Null when the observed window is one of the null's draws; else the pool both belong to. */
  readonly pool: PoolSize | null
}

/** Strength of evidence, in draws of the null. */
type Reach = {
  /** On the scale of the null's strengths. */
  readonly value: number
  readonly beyond: number
  /** Draws expected to reach it that the null's own draws, being without its rows, do not show. */
  readonly unseen: number
}

/** Compares the evidence with its null. */
export function judge(test: JudgedTest, evidence: readonly Evidence[]): Judgement {
  const { groups, layout, null: distribution } = test
  const reaches = evidence.map((one) => reachOf(test, one))
  const byGroup: number[][] = groups.map(() => [])
  evidence.forEach(({ channel }, i) => byGroup[layout.channels[channel].group].push(i))
  const levels = byGroup.map((own, g) =>
    raiseReach(distribution.groups[g], strongest(own.map((i) => reaches[i]))),
  )
  return {
    pValue: pValueOf(test, distribution.overall, strongest(levels)),
    groups: groups.map(({ name }, g): OmnibusGroupResult => {
      const best = strongest(byGroup[g].map((i) => reaches[i]))
      return {
        name,
        pValue: pValueOf(test, distribution.groups[g], best),
        adjustedPValue: pValueOf(test, distribution.overall, levels[g]),
        strongestColumn: evidence[byGroup[g].find((i) => reaches[i] === best) as number].column,
      }
    }),
    columns: byGroup.flatMap((own, g) =>
      judgeColumns(
        test,
        g,
        own.map((i) => [evidence[i], reaches[i]]),
      ),
    ),
  }
}

function strongest(reaches: readonly Reach[]): Reach {
  return reaches.reduce((best, one) => (one.value > best.value ? one : best))
}

function pValueOf({ pool }: JudgedTest, sorted: Float32Array, { value, unseen }: Reach): number {
  // The observed window counts as one draw: in exact mode it stands among the null's.
  const added = pool === null ? 0 : 1
  const count = sorted.length - countBelow(sorted, value) + unseen + added
  return Math.min(1, count / (sorted.length + added))
}

/** Strength of one statistic in its channel. */
function reachOf({ null: distribution, pool }: JudgedTest, evidence: Evidence): Reach {
  const sorted = distribution.channels[evidence.channel]
  const strength = channelStrength(sorted, evidence.statistic)
  if (pool === null || evidence.rest.length === 0) return { ...strength, unseen: 0 }
  const count = sorted.length - countBelow(sorted, evidence.statistic)
  const chance = chanceWithDecisive(evidence, count / sorted.length, pool)
  return atCount(sorted, chance * sorted.length)
}

/** Strength of a group among the groups. */
function raiseReach(sorted: Float32Array, { value, beyond, unseen }: Reach): Reach {
  if (unseen === 0) return { value: levelOf(sorted, value, beyond), beyond, unseen }
  return atCount(sorted, sorted.length - countBelow(sorted, value) + unseen)
}

// In a null with ties no draw may have exactly this count: those missing are expected elsewhere.
function atCount(sorted: Float32Array, count: number): Reach {
  const whole = Math.min(sorted.length, Math.floor(count))
  const at = whole === 0 ? Infinity : sorted[sorted.length - whole]
  const reached = sorted.length - countBelow(sorted, at)
  const shown = reached > whole ? sorted.length - countNotAbove(sorted, at) : reached
  return {
    value: Math.fround(-count),
    beyond: 0,
    unseen: Math.max(Number.MIN_VALUE, count - shown),
  }
}

/** A column's evidence (by rank, and by raw value) among the draws of its group. */
function judgeColumns(
  test: JudgedTest,
  group: number,
  evidence: readonly (readonly [Evidence, Reach])[],
): OmnibusColumnResult[] {
  const columns = Map.groupBy(evidence, ([{ column }]) => column)
  return [...columns].map(([column, own]) => ({
    column,
    statistic: Math.max(...own.map(([{ statistic }]) => statistic)),
    adjustedPValue: pValueOf(
      test,
      test.null.groups[group],
      strongest(own.map(([, reach]) => reach)),
    ),
  }))
}
