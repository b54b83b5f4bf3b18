/** Rows of equal length in one growing array: images are held once, however many there will be. */
export type RowStore = {
  /** Rows 0 to count − 1, each `size` values. */
  readonly count: number
  /** Copies a row to `place`, which is at most `count`. */
  put(place: number, row: Float32Array): void
  /** All rows; row i is what was row `order[i]`. Ends the store. */
  take(order: Uint32Array): Float32Array
}

/** A store for about `expected` rows of `size` values each. */
export function createRowStore(size: number, expected: number): RowStore {
  let data = new Float32Array(Math.max(1, expected) * size)
  let count = 0
  return {
    get count() {
      return count
    },
    put(place, row) {
      if (place > count) throw new RangeError(`expected a place of at most ${count}, got ${place}`)
      if ((place + 1) * size > data.length) data = grown(data)
      data.set(row, place * size)
      count = Math.max(count, place + 1)
    },
    take(order) {
      const rows = data.subarray(0, count * size)
      permuteRows(rows, size, order)
      return rows
    },
  }
}

function grown(data: Float32Array): Float32Array<ArrayBuffer> {
  const larger = new Float32Array(2 * data.length)
  larger.set(data)
  return larger
}

/** Row i becomes what was row `order[i]`, in place, cycle by cycle: a second copy of all images would double the memory. */
export function permuteRows(data: Float32Array, size: number, order: Uint32Array): void {
  const row = (i: number) => data.subarray(i * size, (i + 1) * size)
  const done = new Uint8Array(order.length)
  for (let start = 0; start < order.length; start++) {
    if (done[start] === 1) continue
    const first = row(start).slice()
    let to = start
    for (let from = order[to]; from !== start; from = order[to]) {
      row(to).set(row(from))
      done[to] = 1
      to = from
    }
    row(to).set(first)
    done[to] = 1
  }
}
