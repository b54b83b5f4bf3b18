/** The listed rows of a row-major matrix of so many columns, copied in that order. */
export function pickRows(
  matrix: Float32Array,
  rows: readonly number[],
  width: number,
): Float32Array {
  const own = new Float32Array(rows.length * width)
  rows.forEach((row, i) => own.set(matrix.subarray(row * width, (row + 1) * width), i * width))
  return own
}
