import { type OmnibusReference, sortedColumn, takeColumn } from './reference.ts'
import type { Subsets } from './subsets.ts'

/** Of all rows, the highest that are looked at. */
const TOP = 0.1

/** The rows highest in a column, from the highest down: 0..m−1 the reference's, m.. the window's. */
export type TopRows = {
  readonly rows: Uint32Array
  /** 1 where the next row is lower: equal rows are counted together. */
  readonly ends: Uint8Array
}

/** Rows in all, and of the window. */
type Counts = { readonly all: number; readonly window: number }

/** The highest tenth of the pooled rows. */
export function topRowsOf(
  reference: OmnibusReference,
  window: Float32Array,
  column: number,
): TopRows {
  const { sorted, order } = sortedColumn(reference, column)
  const own = takeColumn(window, column, reference.columnCount)
  const all = reference.rows + own.length
  const count = Math.ceil(TOP * all)
  const known = Math.min(reference.rows, count + 1)
  const highest = [
    ...Array.from({ length: known }, (_, i) => reference.rows - 1 - i).map((i) => ({
      value: sorted[i],
      row: order[i],
    })),
    ...Array.from(own, (value, i) => ({ value, row: reference.rows + i })),
  ].toSorted((a, b) => b.value - a.value)
  const rows = Uint32Array.from(highest.slice(0, count), ({ row }) => row)
  const ends = Uint8Array.from(rows, (_, i) =>
    i + 1 < highest.length && highest[i + 1].value === highest[i].value ? 0 : 1,
  )
  return { rows, ends }
}

/**
 * Higher criticism by likelihood (Berk & Jones 1979, Z. Wahrscheinlichkeitstheorie 47, 47): over the j highest of all rows,
 * the largest log-likelihood ratio of the window's share among them against its share of all, where that is higher; j up
 * to a tenth of all. Counts at one row and at hundreds weigh alike, as −ln of their probability; 0 where none stand out.
 */
export function higherCriticism(
  { ends }: TopRows,
  isOwn: (at: number) => boolean,
  { all, window }: Counts,
): number {
  const share = window / all
  let own = 0
  let largest = 0
  for (let j = 1; j <= ends.length; j++) {
    if (isOwn(j - 1)) own++
    if (ends[j - 1] === 0 || own <= share * j) continue
    const others = j - own
    const rest = others === 0 ? 0 : others * Math.log(others / (j * (1 - share)))
    const value = own * Math.log(own / (j * share)) + rest
    if (value > largest) largest = value
  }
  return Math.fround(largest)
}

type TopSource = {
  /** Unit of each row; null when every row is its own unit. */
  readonly unitOfRow: Uint32Array | null
  readonly subsets: Subsets
  /** Subset sizes to evaluate, ascending. */
  readonly sizes: readonly number[]
  /** Of all rows. */
  readonly rows: number
  readonly sumsWindow: boolean
}

/** Evaluates higher criticism of one column on every draw. */
export function drawTops(
  tops: TopRows,
  { unitOfRow, subsets, sizes, rows: all, sumsWindow }: TopSource,
  keep: (one: { readonly size: number; readonly draw: number; readonly value: number }) => void,
): void {
  const units = unitOfRow === null ? tops.rows : tops.rows.map((row) => unitOfRow[row])
  const rowsOf = unitOfRow === null ? undefined : countRows(unitOfRow)
  // The draw in which a unit was last summed, from 1.
  const summedIn = new Uint32Array(rowsOf?.length ?? all)
  for (let draw = 0; draw < subsets.draws; draw++) {
    const isOwn = (at: number): boolean => (summedIn[units[at]] === draw + 1) === sumsWindow
    let summed = 0
    let from = draw * subsets.size
    sizes.forEach((taken, size) => {
      const to = draw * subsets.size + taken
      for (; from < to; from++) {
        const unit = subsets.units[from]
        summedIn[unit] = draw + 1
        summed += rowsOf?.[unit] ?? 1
      }
      const window = sumsWindow ? summed : all - summed
      keep({ size, draw, value: higherCriticism(tops, isOwn, { all, window }) })
    })
  }
}

function countRows(unitOfRow: Uint32Array): Uint32Array {
  const counts = new Uint32Array(1 + unitOfRow.reduce((a, b) => Math.max(a, b)))
  for (const unit of unitOfRow) counts[unit]++
  return counts
}
