import { elementCount } from '../../tensor/index.ts'
import { type Node, ops, shareEqual, topologicalOrder } from '../graph/index.ts'
import type { LayerContext } from '../nn/index.ts'
import { unboundNoise } from './noise-bank.ts'
import type { TrainingTask } from './training-task.ts'

/** Largest intermediate value of one part: what a core's cache holds beside its neighbours. */
const PART_BYTES = 2 << 20
const FLOAT_BYTES = 4

/** Enough parts for a few threads, of enough rows to be worth a call of each op. */
const FEWEST_PARTS = 4
const FEWEST_ROWS = 8

/** Rows of the parts a batch is computed in, one after another or side by side; the same on every machine. */
export function partRows(task: TrainingTask, batchSize: number): number[] {
  const { loss } = unboundLoss(task, batchSize)
  const perRow = topologicalOrder([loss])
    .filter(({ shape }) => shape.length > 1 && shape[0] === batchSize)
    .map(({ shape }) => elementCount(shape.slice(1)))
  const toFit = Math.ceil((batchSize * Math.max(1, ...perRow) * FLOAT_BYTES) / PART_BYTES)
  const fewest = Math.min(Math.max(toFit, FEWEST_PARTS), Math.ceil(batchSize / FEWEST_ROWS))
  return evenly(batchSize, evenDivisor(batchSize, fewest) ?? fewest)
}

/** The loss of so many rows as a graph to look at, and how many values each of its random draws has. */
export function unboundLoss(
  task: TrainingTask,
  rows: number,
): { readonly loss: Node; readonly noiseSizes: readonly number[] } {
  const parameters = task.parameters.map(({ shape }, i) => ops.input(`parameter-${i}`, shape))
  const { noise, sizes } = unboundNoise()
  const loss = batchLoss(task, [rows], { parameters, context: { noise } })
  return { loss, noiseSizes: sizes }
}

/** A count of equal parts, from `fewest` to twice as many. */
function evenDivisor(total: number, fewest: number): number | undefined {
  return Array.from({ length: fewest }, (_, i) => fewest + i).find((count) => total % count === 0)
}

/** `total` as `count` whole numbers that differ by one at most. */
export function evenly(total: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => Math.floor((total + i) / count))
}

/** What a loss is built from, beside the batch. */
export type LossSetting = { readonly parameters: readonly Node[]; readonly context: LayerContext }

/** The mean loss of a batch as the weighted mean over its parts, one after another: each part fits the cache. */
export function batchLoss(
  task: TrainingTask,
  rows: readonly number[],
  { parameters, context }: LossSetting,
): Node {
  const batchSize = rows.reduce((sum, count) => sum + count, 0)
  const inputs = Object.entries({ ...task.inputs, ...task.draws?.inputs }).map(
    ([name, shape]) => [name, ops.input(name, [batchSize, ...shape])] as const,
  )
  let start = 0
  const losses = rows.map((count) => {
    const cut = { axes: [0], starts: [start], ends: [start + count] }
    start += count
    const part = inputs.map(([name, value]) => [name, ops.slice(value, cut)] as const)
    const loss = task.loss(Object.fromEntries(part), parameters, context)
    return rows.length === 1 ? loss : ops.mul(loss, ops.constant(count / batchSize))
  })
  return shareEqual([losses.reduce((sum, loss) => ops.add(sum, loss))])[0]
}
