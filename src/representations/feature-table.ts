import type { ColumnSource, ColumnTarget, FeatureColumn, FeatureTable } from './representation.ts'

/** Wraps row-major values without copying; throws RangeError on duplicate names or a length that does not divide. */
export function tableOf(columns: readonly FeatureColumn[], values: Float32Array): FeatureTable {
  requireDistinctNames(columns)
  if (columns.length === 0 ? values.length > 0 : values.length % columns.length > 0) {
    throw new RangeError(
      `expected a multiple of ${columns.length} values (one row), got ${values.length}`,
    )
  }
  return { columns, rows: columns.length === 0 ? 0 : values.length / columns.length, values }
}

/** The columns for which `keep` holds, in table order; the table itself where that is all. */
export function selectColumns(
  table: FeatureTable,
  keep: (column: FeatureColumn) => boolean,
): FeatureTable {
  const kept = table.columns.flatMap((column, k) => (keep(column) ? [k] : []))
  if (kept.length === table.columns.length) return table
  const values = new Float32Array(table.rows * kept.length)
  for (let row = 0, at = 0; row < table.rows; row++) {
    const start = row * table.columns.length
    for (const k of kept) values[at++] = table.values[start + k]
  }
  return { columns: kept.map((k) => table.columns[k]), rows: table.rows, values }
}

/** Tables of the same rows side by side; column names must stay distinct. A single table is returned as it is. */
export function concatenateColumns(tables: readonly FeatureTable[]): FeatureTable {
  if (tables.length === 1) return tables[0]
  const columns = tables.flatMap((table) => table.columns)
  requireDistinctNames(columns)
  const rows = tables[0]?.rows ?? 0
  const values = new Float32Array(rows * columns.length)
  let offset = 0
  for (const table of tables) {
    if (table.rows !== rows) {
      throw new RangeError(`expected ${rows} rows in every table, got ${table.rows}`)
    }
    copyRows(
      { values: table.values, width: table.columns.length },
      { values, offset, stride: columns.length },
    )
    offset += table.columns.length
  }
  return { columns, rows, values }
}

/** One column's values in row order, copied; throws RangeError when no column has that name. */
export function columnValues(table: FeatureTable, name: string): Float32Array {
  const k = table.columns.findIndex((column) => column.name === name)
  if (k < 0) {
    const names = table.columns.map((column) => column.name).join(', ')
    throw new RangeError(`expected a column among ${names}, got ${name}`)
  }
  const width = table.columns.length
  return Float32Array.from({ length: table.rows }, (_, row) => table.values[row * width + k])
}

/** Row-major rows of `width` values. */
export type Rows = { readonly values: Float32Array; readonly width: number }

/** Copies rows into their columns of the target, from row `firstRow` on. */
export function copyRows(
  { values, width }: Rows,
  { values: to, stride, offset }: ColumnTarget,
  firstRow = 0,
): void {
  // Rows are short: a view of each would cost more than the copy.
  for (let from = 0, start = firstRow * stride + offset; from < values.length; start += stride) {
    for (let k = start; k < start + width; k++, from++) to[k] = values[from]
  }
}

/** All columns of row-major rows of `size` values; throws RangeError where the last row is not whole. */
export function wholeRows(values: Float32Array, size: number): ColumnSource {
  if (values.length % size > 0) {
    throw new RangeError(`expected rows of ${size} values, got ${values.length} values`)
  }
  const columns = new Uint32Array(size).map((_, k) => k)
  return { values, rows: values.length / size, stride: size, columns }
}

function requireDistinctNames(columns: readonly FeatureColumn[]): void {
  const seen = new Set<string>()
  for (const { name } of columns) {
    if (seen.has(name)) throw new RangeError(`expected distinct column names, got ${name} twice`)
    seen.add(name)
  }
}
