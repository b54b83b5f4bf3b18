import type { FigureTable } from '../../harness/figure-table.ts'
import { share } from '../../harness/markdown.ts'
import type { Rate } from '../../protocol/reference-interval.ts'

export type PivotOptions<Row> = {
  readonly title: string
  readonly note?: string
  /** Headings of the columns that say which row it is. */
  readonly labels: readonly string[]
  /** What they say. */
  readonly labelsOf: (row: Row) => readonly string[]
  /** Heading of the column that a figure stands in. */
  readonly columnOf: (row: Row) => string
  readonly cellOf: (rows: readonly Row[]) => string
}

/** Spreads rows over columns: one line for each set of labels, in the order in which they first occur. */
export function pivot<Row>(rows: readonly Row[], options: PivotOptions<Row>): FigureTable {
  const { title, note, labels, labelsOf, columnOf, cellOf } = options
  const columns = [...new Set(rows.map(columnOf))]
  const lines = Map.groupBy(rows, (row) => JSON.stringify(labelsOf(row)))
  return {
    title,
    ...(note !== undefined && { note }),
    head: [...labels, ...columns],
    rows: [...lines].map(([line, own]) => {
      const said = JSON.parse(line) as string[]
      return said.concat(
        columns.map((column) => {
          const here = own.filter((row) => columnOf(row) === column)
          return here.length === 0 ? '–' : cellOf(here)
        }),
      )
    }),
  }
}

/** `.012 [.005, .026]`: a small rate with its interval. */
export function smallRate({ rate, interval: [low, high] }: Rate): string {
  return `${digits(rate)} [${digits(low)}, ${digits(high)}]`
}

/** `.85 [.78, .90]`: a power with its interval. */
export function powerRate({ rate, interval: [low, high] }: Rate): string {
  return rate === 1 && low > 0.99 ? '1' : `${share(rate)} [${share(low)}, ${share(high)}]`
}

/** `100` → `n = 100`. */
export function sizeHeading(size: number): string {
  return `n = ${size.toLocaleString('en-US')}`
}

/** A share of the images in words. */
export function shareInWords(part: number): string {
  return part === 1 ? 'all' : part === 0.5 ? 'half' : part === 0.1 ? 'a tenth' : String(part)
}

function digits(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}
