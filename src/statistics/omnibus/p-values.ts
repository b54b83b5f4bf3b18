import type {
  OmnibusColumnResult,
  OmnibusGroup,
  OmnibusGroupResult,
  OmnibusMapResult,
} from './groups.ts'
import type { OmnibusLayout } from './layout.ts'
import { channelStrength, levelOf, type Strength, type WindowNull } from './null-distribution.ts'
import { countBelow } from '../sorted.ts'

/** The p-values and what they rest on. */
export type OmnibusPValues = {
  readonly pValue: number
  readonly groups: readonly OmnibusGroupResult[]
  readonly columns: readonly OmnibusColumnResult[]
  readonly maps: readonly OmnibusMapResult[]
}

/** What a window's statistics are judged by. */
export type JudgedTest = {
  readonly groups: readonly OmnibusGroup[]
  readonly layout: OmnibusLayout
  readonly null: WindowNull
  /** True when the window is one of the null's draws (the first), as in exact mode. */
  readonly isDrawn: boolean
}

/** Compares a window's statistics, in the layout's order, with their null. */
export function pValuesOf(test: JudgedTest, observed: ArrayLike<number>): OmnibusPValues {
  const { groups, layout, null: distribution } = test
  const strengths = layout.statistics.map(({ channel }, s) =>
    channelStrength(distribution.channels[channel], observed[s]),
  )
  const bestOfColumn = layout.columns.map((_, of) =>
    strongest(strengths.filter((__, s) => layout.statistics[s].of === of)),
  )
  const bestOfGroup = groups.map((_, g) =>
    strongest(bestOfColumn.filter((__, of) => layout.columns[of].group === g)),
  )
  const levelIn = (g: number, { value, beyond }: Strength): number =>
    levelOf(distribution.groups[g], value, beyond)
  const overall = (level: number): number => pValueOf(test, distribution.overall, level)
  const alone = (of: number): Omit<OmnibusColumnResult, 'column'> => {
    const { group } = layout.columns[of]
    const adjustedPValue = overall(levelIn(group, bestOfColumn[of]))
    return { ...pValueAlone(test, of, observed), adjustedPValue }
  }
  const levels = bestOfGroup.map((best, g) => levelIn(g, best))
  return {
    pValue: overall(Math.max(...levels)),
    groups: groups.map(({ name }, g): OmnibusGroupResult => ({
      name,
      pValue: pValueOf(test, distribution.groups[g], bestOfGroup[g].value),
      adjustedPValue: overall(levels[g]),
      strongestColumn: strongestColumn(layout, bestOfColumn, g),
    })),
    columns: layout.columns.flatMap(({ column, isMap, isWhole }, of): OmnibusColumnResult[] =>
      isMap === true || isWhole === true ? [] : [{ column, ...alone(of) }],
    ),
    maps: layout.columns.flatMap(({ column: map, isMap }, of): OmnibusMapResult[] =>
      isMap === true ? [{ map, ...alone(of) }] : [],
    ),
  }
}

/** Of a group; what its columns say together is none of them. */
function strongestColumn(layout: OmnibusLayout, best: readonly Strength[], g: number): number {
  const members = layout.columns.flatMap(({ group, isWhole }, of) =>
    group === g && isWhole !== true ? [of] : [],
  )
  const first = members.reduce((a, b) => (best[b].value > best[a].value ? b : a))
  return layout.columns[first].column
}

/** A column's largest statistic, and its p-value by its own draws. */
function pValueAlone(
  test: JudgedTest,
  of: number,
  observed: ArrayLike<number>,
): Pick<OmnibusColumnResult, 'statistic' | 'pValue'> {
  const { layout, null: distribution } = test
  const { channels, groups } = distribution.columns
  const own = layout.statistics.flatMap((statistic, s) => (statistic.of === of ? [s] : []))
  const { value } = strongest(own.map((s) => channelStrength(channels[s], observed[s])))
  return {
    statistic: Math.max(...own.map((s) => observed[s])),
    pValue: pValueOf(test, groups[of], value),
  }
}

function strongest(strengths: readonly Strength[]): Strength {
  return strengths.reduce((best, one) => (one.value > best.value ? one : best))
}

function pValueOf({ isDrawn }: JudgedTest, sorted: Float32Array, value: number): number {
  const added = isDrawn ? 0 : 1
  const reaching = sorted.length - countBelow(sorted, value)
  return (reaching + added) / (sorted.length + added)
}
