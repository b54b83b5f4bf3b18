import { type Node, ops } from '../engine/index.ts'
import { tensor } from '../tensor/index.ts'

/** Row-major count×size directions applied to single rows: out_k = Σ_j direction_k[j] · row[j] + offset_k. */
export type Projection = {
  readonly count: number
  project(row: Float32Array, out: Float32Array, at: number): void
}

/** Copies nothing; four directions share each pass over the row. */
export function projectionOf(
  directions: Float32Array,
  offsets: Float32Array,
  size: number,
): Projection {
  const count = offsets.length
  return {
    count,
    project: (row, out, at) => {
      let k = 0
      for (; k + 4 <= count; k += 4) projectFour(directions, row, { k, size, out, at, offsets })
      for (; k < count; k++) {
        let sum = offsets[k]
        for (let j = 0, d = k * size; j < size; j++, d++) sum += directions[d] * row[j]
        out[at + k] = sum
      }
    },
  }
}

/** The same on N×size rows of a graph, giving N×count. */
export function projectNodes(rows: Node, directions: Float32Array, offsets: Float32Array): Node {
  const count = offsets.length
  const size = directions.length / count
  const columns = new Float32Array(directions.length)
  for (let k = 0; k < count; k++) {
    for (let j = 0; j < size; j++) columns[j * count + k] = directions[k * size + j]
  }
  const product = ops.matMul(rows, ops.constant(tensor([size, count], columns)))
  return ops.add(product, ops.constant(tensor([count], offsets)))
}

type Four = {
  readonly k: number
  readonly size: number
  readonly out: Float32Array
  readonly at: number
  readonly offsets: Float32Array
}

function projectFour(
  directions: Float32Array,
  row: Float32Array,
  { k, size, out, at, offsets }: Four,
): void {
  let a = offsets[k]
  let b = offsets[k + 1]
  let c = offsets[k + 2]
  let d = offsets[k + 3]
  const first = k * size
  const second = first + size
  const third = second + size
  const fourth = third + size
  for (let j = 0; j < size; j++) {
    const value = row[j]
    a += directions[first + j] * value
    b += directions[second + j] * value
    c += directions[third + j] * value
    d += directions[fourth + j] * value
  }
  out[at + k] = a
  out[at + k + 1] = b
  out[at + k + 2] = c
  out[at + k + 3] = d
}
