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
}

const INDEX_SPAN = 2 ** 21

/** Sorts the columns of a rows × columnCount matrix of finite numbers; O(K m log m). */
export function prepareOmnibusReference(
  values: Float32Array,
  columnCount: number,
): OmnibusReference {
  const rows = checkMatrix(values, columnCount, 'reference')
  if (rows > INDEX_SPAN) throw new RangeError(`expected at most ${INDEX_SPAN} rows, got ${rows}`)
  const sorted = new Float32Array(columnCount * rows)
  const order = new Uint32Array(columnCount * rows)
  const keys = new Float64Array(rows)
  for (let column = 0; column < columnCount; column++) {
    sortKeys(values, column, columnCount, keys)
    for (let i = 0; i < rows; i++) {
      const row = keys[i] % INDEX_SPAN
      order[column * rows + i] = row
      sorted[column * rows + i] = values[row * columnCount + column]
    }
  }
  return { rows, columnCount, values, sorted, order }
}

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

// A float32's ordered bits and a 21-bit row index together are an exact float64, and typed arrays
// sort float64 natively: several times faster than sorting indices with a comparator.
function sortKeys(
  values: Float32Array,
  column: number,
  columnCount: number,
  keys: Float64Array,
): void {
  for (let row = 0; row < keys.length; row++) {
    // + 0 turns -0 into 0, so that the two tie.
    float[0] = values[row * columnCount + column] + 0
    const ordered = bits[0] & 0x8000_0000 ? ~bits[0] >>> 0 : (bits[0] | 0x8000_0000) >>> 0
    keys[row] = ordered * INDEX_SPAN + row
  }
  keys.sort()
}
