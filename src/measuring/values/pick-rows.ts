/** The listed rows of a row-major matrix of so many columns, copied in that order. */
export function pickRows<T extends Float32Array | Int8Array>(
  matrix: T,
  rows: readonly number[],
  width: number,
): T {
  const own = new (matrix.constructor as new (length: number) => T)(rows.length * width)
  rows.forEach((row, i) => own.set(matrix.subarray(row * width, (row + 1) * width), i * width))
  return own
}
