/** City-block (L1) or Euclidean (L2) distance. */
export type Metric = 'l1' | 'l2'

/** Samples of rows × columnCount values, one after the other. */
export type Pooled = {
  readonly first: Float32Array
  readonly second: Float32Array
  readonly columnCount: number
}

/** Rows of the first and of the second sample; throws RangeError unless both have at least 2. */
export function sampleSizes({ first, second, columnCount }: Pooled): readonly [number, number] {
  const sizes = [first.length / columnCount, second.length / columnCount] as const
  for (const size of sizes) {
    if (!Number.isInteger(size) || size < 2) {
      throw new RangeError(`expected at least 2 whole rows of ${columnCount}, got ${size}`)
    }
  }
  return sizes
}

/** Distances between all rows of both samples, N × N, row-major; O(N² · columns). */
export function pairwiseDistances(pooled: Pooled, metric: Metric): Float32Array {
  const { first, second, columnCount } = pooled
  const values = new Float32Array(first.length + second.length)
  values.set(first)
  values.set(second, first.length)
  const rows = values.length / columnCount
  const distances = new Float32Array(rows * rows)
  const between = metric === 'l1' ? cityBlock : euclidean
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < i; j++) {
      const distance = between(values, i * columnCount, { to: j * columnCount, columnCount })
      distances[i * rows + j] = distance
      distances[j * rows + i] = distance
    }
  }
  return distances
}

type Span = { readonly to: number; readonly columnCount: number }

function cityBlock(values: Float32Array, from: number, { to, columnCount }: Span): number {
  let sum = 0
  for (let k = 0; k < columnCount; k++) sum += Math.abs(values[from + k] - values[to + k])
  return sum
}

function euclidean(values: Float32Array, from: number, { to, columnCount }: Span): number {
  let sum = 0
  for (let k = 0; k < columnCount; k++) {
    const difference = values[from + k] - values[to + k]
    sum += difference * difference
  }
  return Math.sqrt(sum)
}
