import { checkMatrix } from './groups.ts'

/** A reference matrix with every column sorted once, to be used for many windows. */
export type OmnibusReference = {
  readonly rows: number
  readonly columnCount: number
  /** rows × columnCount, row-major. */
  readonly values: Float32Array
  /** columnCount × rows: each column ascending. */
  readonly sorted: Float32Array
  /** columnCount × rows: the row each sorted value stands in. */
  readonly order: Uint32Array
  /** columnCount × (GUIDE_CELLS + 1): where the cells of an even grid over each column begin. */
  readonly guide: Uint32Array
  /** Maps of the same rows, bytes; absent where there are none. */
  readonly maps?: Int8Array | undefined
}

/** Cells of the grid that narrows the search for a value's rank. */
const GUIDE_CELLS = 4096

const INDEX_SPAN = 2 ** 21

/** Sorts the columns of a rows × columnCount matrix of finite numbers; O(K m log m). */
export function prepareOmnibusReference(
  values: Float32Array,
  columnCount: number,
  maps?: Int8Array,
): OmnibusReference {
  const rows = checkMatrix(values, columnCount, 'reference')
  if (rows > INDEX_SPAN) throw new RangeError(`expected at most ${INDEX_SPAN} rows, got ${rows}`)
  const sorted = new Float32Array(columnCount * rows)
  const order = new Uint32Array(columnCount * rows)
  const keys = new Float64Array(rows)
  for (let column = 0; column < columnCount; column++) {
    sortKeys(keys, values, { column, columnCount })
    keys.forEach((key, i) => {
      const row = key % INDEX_SPAN
      order[column * rows + i] = row
      sorted[column * rows + i] = values[row * columnCount + column]
    })
  }
  return { rows, columnCount, values, sorted, order, guide: guideColumns(sorted, rows), maps }
}

/** One column of a row-major matrix, copied. */
export function takeColumn(
  matrix: Float32Array,
  column: number,
  columnCount: number,
): Float32Array {
  return new Float32Array(matrix.length / columnCount).map(
    (_, row) => matrix[row * columnCount + column],
  )
}

/** A column's values ascending, and the row each of them stands in; views, not copies. */
export function sortedColumn(
  { rows, sorted, order }: OmnibusReference,
  column: number,
): { readonly sorted: Float32Array; readonly order: Uint32Array } {
  const [start, end] = [column * rows, (column + 1) * rows]
  return { sorted: sorted.subarray(start, end), order: order.subarray(start, end) }
}

/**
 * Places a column of a window, written into `places`: twice the mid-rank of each value among the reference rows and
 * itself, 1..2·rows + 1. The grid leaves a search of one or two steps where plain bisection takes 13.
 */
export function placeColumn(
  reference: OmnibusReference,
  window: Float32Array,
  { column, places }: { readonly column: number; readonly places: Uint32Array },
): void {
  const { rows, columnCount, sorted } = reference
  const start = column * rows
  const grid = gridOf(sorted, start, rows)
  let before = NaN
  let place = NaN
  for (let i = 0, at = column; i < places.length; i++, at += columnCount) {
    const value = window[at]
    // Columns of few values, as counts are, often repeat one.
    if (value !== before) {
      before = value
      const cell = column * (GUIDE_CELLS + 1) + cellOf(grid, value)
      place = placeInCell(reference, value, { start, cell })
    }
    places[i] = place
  }
}

/** Equal values share a cell, so that all of a value's place is known from one. */
function placeInCell(
  { sorted, guide }: OmnibusReference,
  value: number,
  { start, cell }: { readonly start: number; readonly cell: number },
): number {
  const end = start + guide[cell + 1]
  let low = start + guide[cell]
  let high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] < value) low = middle + 1
    else high = middle
  }
  const from = low
  // Behind the first that is not below it, all that equal the value come first.
  high = end
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle] === value) low = middle + 1
    else high = middle
  }
  return from - start + (low - start) + 1
}

function guideColumns(sorted: Float32Array, rows: number): Uint32Array {
  const columnCount = sorted.length / rows
  const guide = new Uint32Array(columnCount * (GUIDE_CELLS + 1))
  for (let column = 0; column < columnCount; column++) {
    const start = column * rows
    const grid = gridOf(sorted, start, rows)
    let row = 0
    for (let cell = 0; cell < GUIDE_CELLS; cell++) {
      while (row < rows && cellOf(grid, sorted[start + row]) < cell) row++
      guide[column * (GUIDE_CELLS + 1) + cell] = row
    }
    guide[column * (GUIDE_CELLS + 1) + GUIDE_CELLS] = rows
  }
  return guide
}

type Grid = { readonly low: number; readonly perUnit: number }

// Never falls as the value rises, rounding included: a value's cell holds its neighbours in rank.
function cellOf({ low, perUnit }: Grid, value: number): number {
  return Math.max(0, Math.min(GUIDE_CELLS - 1, Math.floor((value - low) * perUnit)))
}

/** The grid over a column's values but for its outermost percents, which may lie far out. */
function gridOf(sorted: Float32Array, start: number, rows: number): Grid {
  const low = sorted[start + Math.floor(0.01 * (rows - 1))]
  const high = sorted[start + Math.ceil(0.99 * (rows - 1))]
  return { low, perUnit: high > low ? GUIDE_CELLS / (high - low) : 0 }
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

// A float32's ordered bits and a 21-bit row index together are an exact float64, and typed arrays
// sort float64 natively: several times faster than sorting indices with a comparator.
function sortKeys(
  keys: Float64Array,
  values: Float32Array,
  { column, columnCount }: { readonly column: number; readonly columnCount: number },
): void {
  keys.forEach((_, row) => {
    // + 0 turns -0 into 0, so that the two tie.
    float[0] = values[row * columnCount + column] + 0
    const ordered = bits[0] & 0x8000_0000 ? ~bits[0] : (bits[0] | 0x8000_0000) >>> 0
    keys[row] = ordered * INDEX_SPAN + row
  })
  keys.sort()
}
