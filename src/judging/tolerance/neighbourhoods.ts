import type { Random } from '../../tensor/index.ts'
import { FEWEST, type TolerancePool } from './pool.ts'

/** Neighbourhoods of each width there are at most, and their widths: copies in them, of the pool's. */
const MOST = 300
const WIDTHS = [1, 0.25]
/** Sets of copies changed nearly alike, around copies drawn at random: rows of the pool; they overlap. */
export function gatherNeighbourhoods(
  { rows, positions, neighbours }: TolerancePool,
  random: Random,
): Uint32Array[] {
  const dimensions = positions.length / rows
  const squares = new Float64Array(rows)
  return WIDTHS.flatMap((width) => {
    const size = Math.max(Math.min(FEWEST, neighbours), Math.round(width * neighbours))
    return Array.from(random.sample(rows, Math.min(MOST, rows)), (centre) => {
      for (let row = 0; row < rows; row++) {
        squares[row] = 0
        for (let d = 0; d < dimensions; d++) {
          const gap = positions[row * dimensions + d] - positions[centre * dimensions + d]
          squares[row] += gap * gap
        }
      }
      const reach = smallest(squares, size)
      return new Uint32Array(rows).map((_, row) => row).filter((row) => squares[row] <= reach)
    })
  })
}

/** The value that `count` values are not above, by repeated partition (Hoare 1961). */
function smallest(values: Float64Array, count: number): number {
  const own = values.slice()
  let [low, high] = [0, own.length - 1]
  while (low < high) {
    const pivot = own[(low + high) >> 1]
    let [i, j] = [low, high]
    while (i <= j) {
      while (own[i] < pivot) i++
      while (own[j] > pivot) j--
      if (i > j) break
      const held = own[i]
      own[i++] = own[j]
      own[j--] = held
    }
    if (count - 1 <= j) high = j
    else if (count - 1 >= i) low = i
    else break
  }
  return own[count - 1]
}
