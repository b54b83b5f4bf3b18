import { loadKernels } from '../kernels/kernels.ts'

/** Coordinates per point. */
export const neighbourDimensions = 8
/** Nearest points that count. */
export const neighbourCount = 5

/** Points, so that the nearest to a query are found quickly. */
export type Neighbours = {
  /** A multiple of 4: points that nothing is near to fill up. */
  readonly count: number
  /** Squared lengths |p|². */
  readonly norms: Float32Array
  /** −2p, all first coordinates first. */
  readonly turned: Float32Array
}

/** Rearranges row-major points. */
export function prepareNeighbours(points: Float32Array): Neighbours {
  const given = points.length / neighbourDimensions
  const count = 4 * Math.ceil(given / 4)
  const norms = new Float32Array(count).fill(Infinity, given)
  const turned = new Float32Array(count * neighbourDimensions)
  for (let p = 0; p < given; p++) {
    for (let d = 0; d < neighbourDimensions; d++) {
      const value = points[p * neighbourDimensions + d]
      turned[d * count + p] = -2 * value
      norms[p] += value * value
    }
  }
  return { count, norms, turned }
}

/** Mean Euclidean distance of each of the row-major queries to its nearest points, exact. */
export function measureNearest(
  { count, norms, turned }: Neighbours,
  queries: Float32Array,
): Float32Array {
  const kernels = loadKernels()
  const rows = queries.length / neighbourDimensions
  const queriesAt = kernels.reserve(4 * (queries.length + turned.length + 2 * count + rows))
  const turnedAt = queriesAt + 4 * queries.length
  const normsAt = turnedAt + 4 * turned.length
  const scratchAt = normsAt + 4 * count
  const outAt = scratchAt + 4 * count
  const memory = new Float32Array(kernels.memory.buffer)
  memory.set(queries, queriesAt / 4)
  memory.set(norms, normsAt / 4)
  memory.set(turned, turnedAt / 4)
  kernels.measureNearest(queriesAt, rows, normsAt, turnedAt, count, outAt, scratchAt)
  return memory.slice(outAt / 4, outAt / 4 + rows)
}
