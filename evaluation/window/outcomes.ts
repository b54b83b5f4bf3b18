import { binomialTest } from '../statistics/binomial.ts'
import type { Outcome } from '../harness/study.ts'
import type { WindowCell, WindowResult } from './run-cell.ts'

/** p-values of one method on identical windows: one shift, share, size and shuffle. */
export type Series = Pick<WindowCell, 'method' | 'protocol' | 'shift' | 'delta' | 'seed'> & {
  readonly size: number
  readonly pValues: readonly number[]
}

/** The outcomes, one series per window size. */
export function seriesOf(outcomes: readonly Outcome<WindowCell, WindowResult>[]): Series[] {
  return outcomes.flatMap(({ cell, result }) =>
    cell.draws.map(([size], i) => {
      const { method, protocol, shift, delta, seed } = cell
      return { method, protocol, shift, delta, seed, size, pValues: result[i] }
    }),
  )
}

/** Draws that a method rejected. */
export type Count = { readonly rejected: number; readonly draws: number }

/** Rejections at a level over all the series. */
export function countRejections(series: readonly Series[], level: number): Count {
  const all = series.flatMap(({ pValues }) => pValues)
  return { rejected: all.filter((p) => p <= level).length, draws: all.length }
}

/** Mean power over the rows (shift and share), each counting the same, and its standard error over draws. */
export function meanPower(
  series: readonly Series[],
  level: number,
): { readonly power: number; readonly standardError: number } {
  const rows = [...Map.groupBy(series, rowOf).values()].map((row) => countRejections(row, level))
  const shares = rows.map(({ rejected, draws }) => rejected / draws)
  const variance = rows.reduce((sum, { rejected, draws }) => {
    // A row that always or never rejects is known as well as half a draw more would tell.
    const share = (rejected + 0.5) / (draws + 1)
    return sum + (share * (1 - share)) / draws
  }, 0)
  return {
    power: shares.reduce((sum, share) => sum + share, 0) / rows.length,
    standardError: Math.sqrt(variance) / rows.length,
  }
}

/** A grid's row: `shift δ`. */
export function rowOf({ shift, delta }: Pick<Series, 'shift' | 'delta'>): string {
  return `${shift} ${delta}`
}

/** Two methods on the same draws, at one level. */
export type Comparison = {
  readonly pairs: number
  readonly onlyFirst: number
  readonly onlySecond: number
}

/** Counts the draws on which exactly one of two methods rejects; draws that only one of them saw are left out. */
export function compareOnDraws(
  first: readonly Series[],
  second: readonly Series[],
  level: number,
): Comparison {
  const partners = new Map(second.map((series) => [keyOf(series), series]))
  let [pairs, onlyFirst, onlySecond] = [0, 0, 0]
  for (const one of first) {
    const other = partners.get(keyOf(one))?.pValues ?? []
    const common = Math.min(one.pValues.length, other.length)
    pairs += common
    for (let i = 0; i < common; i++) {
      const [a, b] = [one.pValues[i] <= level, other[i] <= level]
      if (a && !b) onlyFirst++
      if (b && !a) onlySecond++
    }
  }
  return { pairs, onlyFirst, onlySecond }
}

function keyOf({ protocol, shift, delta, seed, size }: Series): string {
  return JSON.stringify([protocol, shift, delta, seed, size])
}

/** McNemar's exact two-sided p-value: are the two kinds of disagreement equally likely? */
export function mcNemarPValue({ onlyFirst, onlySecond }: Comparison): number {
  const disagreements = onlyFirst + onlySecond
  return disagreements === 0 ? 1 : binomialTest(onlyFirst, disagreements).pValue
}
