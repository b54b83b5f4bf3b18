/** Columns that rows are sorted into cells by; all of them count in a distance. */
const CELL_COLUMNS = 3

/** A group lies so many times as far from the next as its farthest row from its first: what is close in a crowd is no group. */
const GAP = 2

export type NearGroupsOptions = {
  readonly columnCount: number
  /** Largest distance of a row from the first of its group: the root mean square over the columns. */
  readonly radius: number
}

/**
 * Groups of rows that lie far closer together than to any others, in rows × columnCount numbers: for each row the first
 * row of its group, itself where it is on its own. Rows are compared only with first rows in neighbouring cells of a grid,
 * so that ten thousand of them take a tenth of a second.
 */
export function nearGroups(
  rows: Float32Array,
  { columnCount, radius }: NearGroupsOptions,
): Uint32Array {
  const count = rows.length / columnCount
  const within = columnCount * radius * radius
  const cells = createCells(rows, columnCount, Math.sqrt(within))
  const away = (a: number, b: number, enough: number): number =>
    squaredDistance(rows, { a: a * columnCount, b: b * columnCount, columnCount, enough })
  /** Of each first row of several: the squared distance of its farthest row. */
  const reach = new Map<number, number>()
  const firstRows: number[] = []
  const firstOf = Uint32Array.from({ length: count }, (_, row) => {
    const first = cells.near(row).find((other) => away(row, other, within) <= within)
    if (first === undefined) {
      cells.add(row)
      firstRows.push(row)
      return row
    }
    reach.set(first, Math.max(reach.get(first) ?? 0, away(row, first, within)))
    return first
  })
  const isInCrowd = ([row, farthest]: readonly [number, number]): boolean => {
    const gap = GAP * GAP * farthest
    return firstRows.some((other) => other !== row && away(row, other, gap) <= gap)
  }
  const crowded = new Set([...reach].filter(isInCrowd).map(([row]) => row))
  return firstOf.map((first, row) => (crowded.has(first) ? row : first))
}

type Pair = {
  /** Where the two rows begin. */
  readonly a: number
  readonly b: number
  readonly columnCount: number
  /** Beyond it the rest need not be added. */
  readonly enough: number
}

function squaredDistance(values: Float32Array, { a, b, columnCount, enough }: Pair): number {
  let sum = 0
  for (let k = 0; k < columnCount && sum <= enough; k++) {
    const difference = values[a + k] - values[b + k]
    sum += difference * difference
  }
  return sum
}

/** Rows by the cell they lie in: what is within a cell's width of a row is in its own cell or in a neighbour. */
function createCells(rows: Float32Array, columnCount: number, width: number) {
  const used = Math.min(CELL_COLUMNS, columnCount)
  const cells = new Map<number, number[]>()
  const placeIn = (row: number, k: number): number =>
    Math.floor(rows[row * columnCount + k] / width)
  const cellOf = (row: number): number => {
    let key = 0
    for (let k = 0; k < used; k++) key = nextKey(key, placeIn(row, k))
    return key
  }
  return {
    add(row: number): void {
      const key = cellOf(row)
      const cell = cells.get(key)
      if (cell === undefined) cells.set(key, [row])
      else cell.push(row)
    },
    near: (row: number): number[] => {
      let keys = [0]
      for (let k = 0; k < used; k++) {
        const place = placeIn(row, k)
        keys = keys.flatMap((key) => [place - 1, place, place + 1].map((at) => nextKey(key, at)))
      }
      return keys.flatMap((key) => cells.get(key) ?? [])
    },
  }
}

/** A cell that gets another's number too is looked through in vain, no more. */
function nextKey(key: number, place: number): number {
  return Math.imul(key ^ place, 0x9e37_79b1)
}
