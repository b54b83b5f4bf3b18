import { type Rate, rateOverReferences, rounded } from '../protocol/reference-interval.ts'
import { CLEAN } from './changes.ts'
import type { BatchPValues } from './run-batches.ts'
import { LEVEL } from './rules.ts'

/** A finished cell: what was asked and the p-values that came out. */
export type FittedOutcome = {
  readonly data: string
  /** Images of the held-out reference. */
  readonly reference: number
  /** Which detector or redrawn reference: batches of the same one depend on each other. */
  readonly subject: string
  readonly change: string
  readonly form: string
  readonly batches: readonly BatchPValues[]
}

/** What a figure is about. */
export type Case = {
  readonly data: string
  readonly reference: number
  readonly form: string
  readonly change: string
  readonly size: number
  readonly share: number
  readonly rule: string
}

/** Share of batches that a rule alarmed on, for one change. */
export type PowerRow = Case & Rate

/** Mean over changes, each counting the same, and how it differed from detector to detector. */
export type MeanRow = Omit<Case, 'change'> & {
  readonly mean: number
  readonly lowest: number
  readonly highest: number
  readonly changes: number
  readonly references: number
}

/** Images of the held-out reference among so many handed to fit. */
export function heldOut(fitted: number): number {
  return Math.round(0.3 * fitted)
}

/** Alarms on clean batches apart from those on changed ones. */
export function falseAlarmsAndPower(outcomes: readonly FittedOutcome[]): {
  readonly falseAlarms: readonly PowerRow[]
  readonly means: readonly MeanRow[]
  readonly rows: readonly PowerRow[]
} {
  const changed = outcomes.filter(({ change }) => change !== CLEAN.name)
  return {
    falseAlarms: powerRows(outcomes.filter(({ change }) => change === CLEAN.name)),
    means: meanRows(changed),
    rows: powerRows(changed),
  }
}

/** One row per case, over all its detectors. */
export function powerRows(outcomes: readonly FittedOutcome[]): PowerRow[] {
  const counts = countsOf(outcomes)
  return [...Map.groupBy(counts, ({ key }) => key).values()].map((own) =>
    Object.assign({}, own[0].of, rateOverReferences(own)),
  )
}

/** Mean power over the changes, of each detector by itself and of all. */
export function meanRows(outcomes: readonly FittedOutcome[]): MeanRow[] {
  const ofAllChanges = ({ of }: Counted): string =>
    JSON.stringify(of, (key, value: unknown) => (key === 'change' ? undefined : value))
  return [...Map.groupBy(countsOf(outcomes), ofAllChanges)].map(([key, own]) => {
    const bySubject = [...Map.groupBy(own, ({ subject }) => subject).values()]
    const means = bySubject.map((some) =>
      meanOf(some.map(({ alarms, batches }) => alarms / batches)),
    )
    const described = JSON.parse(key) as Omit<Case, 'change'>
    return Object.assign({}, described, {
      mean: rounded(meanOf(means)),
      lowest: rounded(Math.min(...means)),
      highest: rounded(Math.max(...means)),
      changes: new Set(own.map(({ of }) => of.change)).size,
      references: means.length,
    })
  })
}

type Counted = {
  readonly key: string
  readonly subject: string
  readonly of: Case
  readonly alarms: number
  readonly batches: number
}

function countsOf(outcomes: readonly FittedOutcome[]): Counted[] {
  return outcomes.flatMap(({ subject, batches, ...described }) =>
    batches.flatMap(({ size, share, pValues }) =>
      Object.entries(pValues).map(([rule, own]) => {
        const of = Object.assign({}, described, { size, share, rule })
        const alarms = own.filter((pValue) => pValue <= LEVEL).length
        return { key: JSON.stringify(of), subject, of, alarms, batches: own.length }
      }),
    ),
  )
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
