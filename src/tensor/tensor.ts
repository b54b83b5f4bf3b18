/** Numbers with a shape, row-major (last axis fastest). */
export type Tensor = {
  readonly shape: readonly number[]
  readonly data: Float32Array
}

/** Product of the axes; 1 for a scalar shape `[]`. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, axis) => product * axis, 1)
}

/** Wraps `data` without copying; throws RangeError when the lengths disagree. */
export function tensor(shape: readonly number[], data: Float32Array): Tensor {
  if (data.length !== elementCount(shape)) {
    throw new RangeError(
      `expected ${elementCount(shape)} values for shape [${shape.join(', ')}], got ${data.length}`,
    )
  }
  return { shape, data }
}

/** A tensor of zeros. */
export function zeros(shape: readonly number[]): Tensor {
  return { shape, data: new Float32Array(elementCount(shape)) }
}

/** Rows `start` (inclusive) to `end` (exclusive) of the first axis, sharing memory. */
export function sliceRows(source: Tensor, start: number, end: number): Tensor {
  const [rows = 0, ...rest] = source.shape
  if (start < 0 || end > rows || start > end) {
    throw new RangeError(`expected rows within 0..${rows}, got ${start}..${end}`)
  }
  const rowSize = elementCount(rest)
  return {
    shape: [end - start, ...rest],
    data: source.data.subarray(start * rowSize, end * rowSize),
  }
}

/** The listed rows of the first axis, copied in that order. */
export function takeRows(source: Tensor, rows: ArrayLike<number>): Tensor {
  const rest = source.shape.slice(1)
  const rowSize = elementCount(rest)
  const data = new Float32Array(rows.length * rowSize)
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]
    data.set(source.data.subarray(row * rowSize, (row + 1) * rowSize), i * rowSize)
  }
  return { shape: [rows.length, ...rest], data }
}

/** Stacks tensors of equal trailing shape along the first axis. */
export function concatenateRows(parts: readonly Tensor[]): Tensor {
  const first = parts[0]
  if (first === undefined) throw new RangeError('expected at least one tensor, got none')
  const rest = first.shape.slice(1)
  for (const part of parts) {
    if (part.shape.slice(1).join() !== rest.join()) {
      throw new RangeError(
        `expected rows of shape [${rest.join()}], got [${part.shape.slice(1).join()}]`,
      )
    }
  }
  const rows = parts.reduce((sum, part) => sum + (part.shape[0] ?? 0), 0)
  return { shape: [rows, ...rest], data: concatenateValues(parts.map(({ data }) => data)) }
}

/** All values, one part behind the other. */
export function concatenateValues(parts: readonly Float32Array[]): Float32Array<ArrayBuffer> {
  const values = new Float32Array(parts.reduce((length, part) => length + part.length, 0))
  let offset = 0
  for (const part of parts) {
    values.set(part, offset)
    offset += part.length
  }
  return values
}
