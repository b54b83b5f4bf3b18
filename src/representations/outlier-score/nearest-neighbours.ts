import { type Node, ops } from '../../engine/index.ts'
import { tensor } from '../../tensor/index.ts'

/** Coordinates per point. */
export const neighbourDimensions = 8

/** Squared distances of N×8 queries to P row-major points, N×P. |p|² − 2 q·p + |q|² in float32: good enough to find
 * the nearest, not to measure how near they are. */
export function squaredDistances(queries: Node, points: Float32Array): Node {
  const count = points.length / neighbourDimensions
  const turned = new Float32Array(points.length)
  const squares = new Float32Array(count)
  for (let p = 0; p < count; p++) {
    for (let d = 0; d < neighbourDimensions; d++) {
      const value = points[p * neighbourDimensions + d]
      turned[d * count + p] = -2 * value
      squares[p] += value * value
    }
  }
  const products = ops.matMul(queries, ops.constant(tensor([neighbourDimensions, count], turned)))
  // |q|² is the same for every point of a query: the order doesn't need it.
  return ops.add(products, ops.constant(tensor([count], squares)))
}

/** Queries with what `squaredDistances` says of them. */
export type Search = {
  readonly points: Float32Array
  /** N×8. */
  readonly queries: Float32Array
  /** N×P. */
  readonly squares: Float32Array
}

/** Finds the `count` nearest points of a query and takes their mean Euclidean distance, exact. */
export function neighbourFinder(
  pointCount: number,
  count: number,
): (search: Search, query: number) => number {
  const nearest = new Float64Array(count)
  const found = new Uint32Array(count)
  return ({ points, queries, squares }, query) => {
    nearest.fill(Infinity)
    let worst = Infinity
    for (let p = 0, i = query * pointCount; p < pointCount; p++, i++) {
      if (squares[i] < worst) worst = insert(nearest, found, { square: squares[i], point: p })
    }
    let sum = 0
    for (const point of found) sum += distance(points, point, { queries, query })
    return sum / count
  }
}

function distance(
  points: Float32Array,
  point: number,
  { queries, query }: { readonly queries: Float32Array; readonly query: number },
): number {
  let square = 0
  for (let d = 0; d < neighbourDimensions; d++) {
    const step = points[point * neighbourDimensions + d] - queries[query * neighbourDimensions + d]
    square += step * step
  }
  return Math.sqrt(square)
}

/** Keeps `nearest` rising, dropping its largest; returns the new largest. */
function insert(
  nearest: Float64Array,
  found: Uint32Array,
  { square, point }: { readonly square: number; readonly point: number },
): number {
  let i = nearest.length - 1
  for (; i > 0 && nearest[i - 1] > square; i--) {
    nearest[i] = nearest[i - 1]
    found[i] = found[i - 1]
  }
  nearest[i] = square
  found[i] = point
  return nearest[nearest.length - 1]
}
