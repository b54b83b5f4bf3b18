import type { FigureTable } from '../harness/figure-table.ts'
import { rateOverReferences, type Rate } from '../protocol/reference-interval.ts'
import { type Count, DATA, LEVELS, type ToleranceCell, type ToleranceResult } from './run-cell.ts'

type Outcome = { readonly cell: ToleranceCell; readonly result: ToleranceResult }

/** Alarms inside a tolerance, by size and level. */
type Inside = {
  readonly size: number
  readonly level: number
  readonly rate: Rate
  readonly worst: { readonly scenario: string; readonly rate: number }
}

/** Power outside it. */
type Outside = {
  readonly scenario: string
  readonly tolerant: number
  readonly intolerant: number
  readonly batches: number
}

type Told = {
  readonly data: string
  readonly tolerance: string
  readonly untested: readonly string[]
  readonly columns: number
  readonly inside: readonly Inside[]
  readonly outside: readonly Outside[]
}

export type ToleranceFigures = {
  readonly overall: readonly Overall[]
  readonly told: readonly Told[]
}

type Overall = {
  readonly data: string
  readonly size: number
  readonly level: number
  readonly rate: Rate
}

/** False alarms and power of every tolerance, and false alarms over all of them. */
export function summariseTolerance(outcomes: readonly Outcome[]): ToleranceFigures {
  const byCase = Map.groupBy(outcomes, ({ cell }) => `${cell.data} ${cell.tolerance}`)
  const told = [...byCase.values()].map((own): Told => {
    const { data, tolerance } = own[0].cell
    return {
      data,
      tolerance,
      untested: [...new Set(own.flatMap(({ result }) => result.untested))],
      columns: own[0].result.columns,
      inside: insideOf(own),
      outside: outsideOf(own),
    }
  })
  const overall = DATA.flatMap((data) => {
    const own = outcomes.filter(({ cell }) => cell.data === data)
    return own.length === 0
      ? []
      : insideOf(own).map(({ size, level, rate }) => ({ data, size, level, rate }))
  })
  return { overall, told }
}

const insideCounts = ({ result }: Outcome, size: number): Count[] =>
  result.counts.filter((count) => count.isInside && count.size === size)

function sum(counts: readonly Count[], of: (count: Count) => number): number {
  return counts.reduce((all, count) => all + of(count), 0)
}

function insideOf(outcomes: readonly Outcome[]): Inside[] {
  const { sizes } = outcomes[0].cell
  return sizes.flatMap((size) =>
    LEVELS.map((level, l) => {
      const perReference = outcomes.map((outcome) => insideCounts(outcome, size))
      const rate = rateOverReferences(
        perReference.map((counts) => ({
          alarms: sum(counts, ({ alarms }) => alarms[l]),
          batches: sum(counts, ({ batches }) => batches),
        })),
      )
      const scenarios = Map.groupBy(perReference.flat(), ({ scenario }) => scenario)
      const rates = [...scenarios].map(([scenario, counts]) => ({
        scenario,
        rate: sum(counts, ({ alarms }) => alarms[l]) / sum(counts, ({ batches }) => batches),
      }))
      const worst = rates.reduce((most, one) => (one.rate > most.rate ? one : most))
      return { size, level, rate, worst }
    }),
  )
}

function outsideOf(outcomes: readonly Outcome[]): Outside[] {
  const counts = outcomes.flatMap(({ result }) => result.counts.filter((one) => !one.isInside))
  return [...Map.groupBy(counts, ({ scenario }) => scenario)].map(([scenario, own]) => {
    const batches = sum(own, (one) => one.batches)
    return {
      scenario,
      batches,
      tolerant: sum(own, ({ alarms }) => alarms[0]) / batches,
      intolerant: sum(own, ({ intolerant }) => intolerant) / batches,
    }
  })
}

/** The figures for a page. */
export function toleranceTables(figures: object): FigureTable[] {
  const { overall, told } = figures as ToleranceFigures
  const percent = (value: number): string => value.toFixed(3)
  const interval = ({ rate, interval: [low, high], batches }: Rate): string =>
    `${percent(rate)} (${percent(low)} to ${percent(high)}; ${batches} batches)`
  return [
    {
      title: 'False alarms inside the tolerance, over all tolerances and mixtures',
      head: ['images', 'batch', 'stated', 'measured'],
      rows: overall.map(({ data, size, level, rate }) => [
        data,
        String(size),
        String(level),
        interval(rate),
      ]),
    },
    {
      title: 'False alarms inside each tolerance',
      note: 'The worst mixture is the worst of few batches: chance is in it.',
      head: ['images', 'tolerated', 'batch', 'stated', 'measured', 'worst mixture'],
      rows: told.flatMap(({ data, tolerance, inside }) =>
        inside.map(({ size, level, rate, worst }) => [
          data,
          tolerance,
          String(size),
          String(level),
          interval(rate),
          `${worst.scenario}: ${percent(worst.rate)}`,
        ]),
      ),
    },
    {
      title: 'Power outside it, 200 images, stated 0.01',
      note: 'Beside it the same detector told nothing of a tolerance: what is paid for it.',
      head: ['images', 'tolerated', 'change', 'power', 'without tolerance'],
      rows: told.flatMap(({ data, tolerance, outside }) =>
        outside.map(({ scenario, tolerant, intolerant }) => [
          data,
          tolerance,
          scenario,
          percent(tolerant),
          percent(intolerant),
        ]),
      ),
    },
    {
      title: 'Features that are no evidence',
      head: ['images', 'tolerated', 'features'],
      rows: told.map(({ data, tolerance, untested, columns }) => [
        data,
        tolerance,
        `${untested.length} of ${columns}: ${untested.join(', ')}`,
      ]),
    },
  ]
}
