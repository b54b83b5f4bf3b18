import type { Random } from '../../tensor/index.ts'
import type { TolerancePool } from './pool.ts'

/** Neighbourhoods at most. */
const MOST = 2000

/**
 * How far apart changes may be to be taken for alike, as positions are; and how many copies a neighbourhood has at least,
 * since few say by chance what their change does, and at most.
 */
const REACH = 0.04
const FEWEST = 20
const MOST_COPIES = 800

/** Sets of copies changed nearly alike, around copies drawn at random: rows of the pool; they overlap. */
export function gatherNeighbourhoods(
  { rows, positions }: TolerancePool,
  random: Random,
): Uint32Array[] {
  const dimensions = positions.length / rows
  const squares = new Float64Array(rows)
  return Array.from(random.sample(rows, Math.min(MOST, rows)), (centre) => {
    for (let row = 0; row < rows; row++) {
      let square = 0
      for (let d = 0; d < dimensions; d++) {
        const gap = positions[row * dimensions + d] - positions[centre * dimensions + d]
        square += gap * gap
      }
      squares[row] = square
    }
    const near = rowsWithin(squares, REACH ** 2)
    const count = Math.min(rows, Math.max(FEWEST, Math.min(near.length, MOST_COPIES)))
    return count === near.length ? near : rowsWithin(squares, smallest(squares, count))
  })
}

function rowsWithin(squares: Float64Array, reach: number): Uint32Array {
  const near: number[] = []
  for (let row = 0; row < squares.length; row++) if (squares[row] <= reach) near.push(row)
  return Uint32Array.from(near)
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
