/** Coordinates per point: fixed, so that the search over all points is unrolled. */
export const neighbourDimensions = 8

/** Mean Euclidean distance from `query` to its `nearest.length` nearest points (row-major); `nearest` is scratch.
 * Exhaustive: for a few hundred points no index is faster. */
export function meanNeighbourDistance(
  points: Float32Array,
  query: Float32Array,
  nearest: Float64Array,
): number {
  nearest.fill(Infinity)
  const [a, b, c, d, e, f, g, h] = query
  let worst = Infinity
  for (let at = 0; at < points.length; at += neighbourDimensions) {
    const first =
      (points[at] - a) ** 2 +
      (points[at + 1] - b) ** 2 +
      (points[at + 2] - c) ** 2 +
      (points[at + 3] - d) ** 2
    // Half the coordinates settle most points.
    if (first >= worst) continue
    const distance =
      first +
      (points[at + 4] - e) ** 2 +
      (points[at + 5] - f) ** 2 +
      (points[at + 6] - g) ** 2 +
      (points[at + 7] - h) ** 2
    if (distance < worst) worst = insert(nearest, distance)
  }
  let sum = 0
  for (let i = 0; i < nearest.length; i++) sum += Math.sqrt(nearest[i])
  return sum / nearest.length
}

/** Keeps `nearest` rising, dropping its largest; returns the new largest. */
function insert(nearest: Float64Array, distance: number): number {
  let i = nearest.length - 1
  for (; i > 0 && nearest[i - 1] > distance; i--) nearest[i] = nearest[i - 1]
  nearest[i] = distance
  return nearest[nearest.length - 1]
}
