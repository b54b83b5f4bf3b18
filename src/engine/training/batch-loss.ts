import { elementCount } from '../../tensor/index.ts'
import { type Node, ops, shareEqual, topologicalOrder } from '../graph/index.ts'
import type { LayerContext } from '../nn/index.ts'
import type { TrainingTask } from './training-step.ts'

/** What a loss is built from, beside the batch. */
export type LossSetting = { readonly parameters: readonly Node[]; readonly context: LayerContext }

/** Largest intermediate value of one part: what a core's cache holds beside its neighbours. */
const PART_BYTES = 2 << 20
const FLOAT_BYTES = 4

/** Rows of the parts a batch is best computed in, given its loss as one whole. */
export function partRows(loss: Node, batchSize: number): number[] {
  const perRow = topologicalOrder([loss])
    .filter(({ shape }) => shape.length > 1 && shape[0] === batchSize)
    .map(({ shape }) => elementCount(shape.slice(1)))
  const fewest = Math.ceil((batchSize * Math.max(1, ...perRow) * FLOAT_BYTES) / PART_BYTES)
  const even = Array.from({ length: fewest }, (_, i) => fewest + i).find((n) => batchSize % n === 0)
  const count = Math.min(even ?? fewest, batchSize)
  return Array.from({ length: count }, (_, i) => Math.floor((batchSize + i) / count))
}

/** The mean loss of a batch as the weighted mean over its parts, one after another: each part fits the cache. */
export function batchLoss(task: TrainingTask, rows: readonly number[], setting: LossSetting): Node {
  const batchSize = rows.reduce((sum, count) => sum + count, 0)
  const inputs = Object.entries({ ...task.inputs, ...task.draws?.inputs }).map(
    ([name, shape]) => [name, ops.input(name, [batchSize, ...shape])] as const,
  )
  let start = 0
  const losses = rows.map((count) => {
    const cut = { axes: [0], starts: [start], ends: [start + count] }
    start += count
    const part = inputs.map(([name, value]) => [name, ops.slice(value, cut)] as const)
    const loss = task.loss(Object.fromEntries(part), setting.parameters, setting.context)
    return rows.length === 1 ? loss : ops.mul(loss, ops.constant(count / batchSize))
  })
  return shareEqual([losses.reduce((sum, loss) => ops.add(sum, loss))])[0]
}
