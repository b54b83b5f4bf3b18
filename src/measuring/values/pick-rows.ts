import type { Measurements } from './measurements.ts'

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

/** The listed images of what was measured, with all that is known of each. */
export function pickImages(
  {
    images,
    values,
    places,
    columns,
  }: Pick<Measurements, 'images' | 'values' | 'places' | 'columns'>,
  rows: readonly number[],
): Pick<Measurements, 'images' | 'values' | 'places'> {
  return {
    images: rows.map((row) => images[row]),
    values: pickRows(values, rows, columns.length),
    places: places && pickRows(places, rows, places.length / images.length),
  }
}
