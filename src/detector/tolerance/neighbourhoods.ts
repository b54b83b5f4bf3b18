import type { Random } from '../../tensor/index.ts'
import { FEWEST, type TolerancePool } from './pool.ts'

/** Neighbourhoods of each width there are at most, and their widths: copies in them, of the pool's. */
const MOST = 60
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
      const reach = squares.toSorted()[size - 1]
      return new Uint32Array(rows).map((_, row) => row).filter((row) => squares[row] <= reach)
    })
  })
}
