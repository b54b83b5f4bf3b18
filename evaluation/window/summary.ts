import { wilsonInterval } from '../../src/statistics/index.ts'
import type { Outcome } from '../harness/study.ts'
import { CLEAN, type Protocol } from './draws.ts'
import { type GridName, GRIDS } from './grids.ts'
import { LEVEL } from './level.ts'
import { METHODS } from './methods/registry.ts'
import {
  compareOnDraws,
  countRejections,
  mcNemarPValue,
  meanPower,
  rowOf,
  type Series,
  seriesOf,
} from './outcomes.ts'
import type { WindowCell, WindowResult } from './run-cell.ts'

const STRICT_LEVEL = 0.01
const OURS = 'ours'

/** `n10` → figure. */
type BySize<T> = Readonly<Record<string, T>>

/** False alarms of one method at one window size. */
export type FalseAlarms = {
  readonly draws: number
  readonly rate: number
  readonly interval: readonly [number, number]
  readonly strictRate: number
  readonly strictInterval: readonly [number, number]
}

/** A method against ours, on the draws both saw. */
export type AgainstOurs = {
  readonly draws: number
  readonly oursOnly: number
  readonly methodOnly: number
  readonly pValue: number
}

/** Mean power over some rows, each counting the same. */
export type Average = {
  readonly power: number
  readonly standardError: number
  readonly rows: number
  /** Windows over all rows. */
  readonly draws: number
}

/** All figures of one method under one protocol. */
export type MethodFigures = {
  /** By what is averaged over. */
  readonly averages: Readonly<Record<string, BySize<Average>>>
  /** `shift δ` → share of windows rejected. */
  readonly power: Readonly<Record<string, BySize<number>>>
  readonly falseAlarms: BySize<FalseAlarms>
  readonly againstOurs?: BySize<AgainstOurs>
}

/** Protocol → method → figures. */
export type WindowFigures = {
  readonly titles: Readonly<Record<string, string>>
  readonly protocols: Partial<Record<Protocol, Readonly<Record<string, MethodFigures>>>>
}

/** Power and false alarms of every method from all cells. */
export function summariseWindows(
  outcomes: readonly Outcome<WindowCell, WindowResult>[],
  grid: GridName,
): WindowFigures {
  const series = seriesOf(outcomes)
  const byProtocol = Map.groupBy(series, ({ protocol }) => protocol)
  const protocols = [...byProtocol].map(([protocol, own]) => {
    const byMethod = Map.groupBy(own, ({ method }) => method)
    const ours = byMethod.get(OURS) ?? []
    const methods = [...byMethod].map(([method, part]) => [
      method,
      methodFigures(part, method === OURS ? [] : ours, { protocol, grid }),
    ])
    return [protocol, Object.fromEntries(methods)]
  })
  const names = new Set(series.map(({ method }) => method))
  const shown = METHODS.filter(({ name }) => names.has(name))
  return {
    titles: Object.fromEntries(shown.map(({ name, title }) => [name, title])),
    protocols: Object.fromEntries(protocols),
  }
}

type Part = { readonly protocol: Protocol; readonly grid: GridName }

function methodFigures(own: readonly Series[], ours: readonly Series[], part: Part): MethodFigures {
  const sizes = [...new Set(own.map(({ size }) => size))].toSorted((a, b) => a - b)
  const shifted = own.filter(({ shift }) => shift !== CLEAN.name)
  const clean = own.filter(({ shift }) => shift === CLEAN.name)
  const bySize = <T>(series: readonly Series[], figure: (at: readonly Series[]) => T): BySize<T> =>
    Object.fromEntries(
      sizes
        .map((size) => [`n${size}`, series.filter((one) => one.size === size)] as const)
        .flatMap(([key, at]) => (at.length === 0 ? [] : [[key, figure(at)]])),
    )
  const averages = averagesOf(part.grid)
  const [[, counts]] = averages
  return {
    averages: Object.fromEntries(
      averages
        .map(([name, belongs]) => [name, shifted.filter(belongs)] as const)
        // The mean of some rows would be set beside other methods' mean of all.
        .filter(([name, series]) => hasAllRows(series, name, part.grid))
        .map(([name, series]) => [name, bySize(series, average)]),
    ),
    power: Object.fromEntries(
      [...Map.groupBy(shifted, rowOf)].map(([row, series]) => [row, bySize(series, share)]),
    ),
    falseAlarms: bySize(clean, falseAlarms),
    ...(ours.length === 0
      ? {}
      : {
          againstOurs: bySize(shifted.filter(counts), (series) =>
            againstOurs(ours.filter(counts), series),
          ),
        }),
  }
}

/** What is averaged over, by name; the first is what methods are compared on. */
function averagesOf(grid: GridName): [string, (series: Series) => boolean][] {
  const { averages, deltas } = GRIDS[grid]
  if (averages === undefined) {
    return deltas.toReversed().map((delta) => [`share ${delta}`, (one) => one.delta === delta])
  }
  return Object.entries(averages).map(([name, shifts]) => [
    name,
    ({ shift }) => shifts.includes(shift),
  ])
}

/** Were all rows run that this average is of? */
function hasAllRows(series: readonly Series[], name: string, grid: GridName): boolean {
  const { averages, deltas, shifts } = GRIDS[grid]
  const expected = averages === undefined ? shifts.length : averages[name].length * deltas.length
  return new Set(series.map(rowOf)).size === expected
}

function average(series: readonly Series[]): Average {
  const { power, standardError } = meanPower(series, LEVEL)
  return {
    power: rounded(power),
    standardError: rounded(standardError),
    rows: new Set(series.map(rowOf)).size,
    draws: countRejections(series, LEVEL).draws,
  }
}

function share(series: readonly Series[]): number {
  const { rejected, draws } = countRejections(series, LEVEL)
  return rounded(rejected / draws)
}

function falseAlarms(clean: readonly Series[]): FalseAlarms {
  const { rejected, draws } = countRejections(clean, LEVEL)
  const strict = countRejections(clean, STRICT_LEVEL)
  return {
    draws,
    rate: rounded(rejected / draws),
    interval: intervalOf(rejected, draws),
    strictRate: rounded(strict.rejected / draws),
    strictInterval: intervalOf(strict.rejected, draws),
  }
}

function againstOurs(ours: readonly Series[], other: readonly Series[]): AgainstOurs {
  const comparison = compareOnDraws(ours, other, LEVEL)
  return {
    draws: comparison.pairs,
    oursOnly: comparison.onlyFirst,
    methodOnly: comparison.onlySecond,
    pValue: Number(mcNemarPValue(comparison).toPrecision(3)),
  }
}

function intervalOf(count: number, of: number): readonly [number, number] {
  const { low, high } = wilsonInterval(count, of)
  return [rounded(low), rounded(high)]
}

function rounded(value: number): number {
  return Math.round(1e4 * value) / 1e4
}
