import { normaliseAxes, stretchedAxes } from '../broadcast.ts'
import { createNode, type Node, type Shape } from '../node.ts'
import { defineOp, int, type GradientContext, type Op } from '../op.ts'

type ReduceAttributes = { readonly axes: readonly number[]; readonly keepAxes: boolean }

function reducedShape(shape: Shape, { axes, keepAxes }: ReduceAttributes): Shape {
  return shape.flatMap((length, axis) => (axes.includes(axis) ? (keepAxes ? [1] : []) : [length]))
}

function reduction(
  name: string,
  gradient: (context: GradientContext<ReduceAttributes>) => Node,
): Op {
  return defineOp<ReduceAttributes>({
    name,
    infer: ([x], attributes) => ({ shape: reducedShape(x.shape, attributes), dtype: x.dtype }),
    gradient: (context) => [gradient(context)],
    emit: ({ axes, keepAxes }) => ({
      attributes: { keepdims: int(keepAxes ? 1 : 0) },
      trailingInputs: [axes],
    }),
  })
}

/** The reduced value with its lost axes put back as length 1. */
function withAxes(
  { inputs: [x], attributes: { axes }, ops }: GradientContext<ReduceAttributes>,
  value: Node,
): Node {
  return ops.reshape(value, reducedShape(x.shape, { axes, keepAxes: true }))
}

/** Every summed value gets the derivative of its sum. */
export const ReduceSum = reduction('ReduceSum', (context) =>
  context.ops.expand(withAxes(context, context.grad), context.inputs[0].shape),
)

/** Every value gets an equal share of the derivative of its mean. */
export const ReduceMean = reduction('ReduceMean', (context) => {
  const shape = context.inputs[0].shape
  const count = context.attributes.axes.reduce((product, axis) => product * shape[axis], 1)
  const share = context.ops.mul(context.grad, context.ops.constant(1 / count))
  return context.ops.expand(withAxes(context, share), shape)
})

/** Tied maxima share the derivative equally. */
export const ReduceMax = reduction('ReduceMax', (context) => {
  const { ops, attributes, node, grad } = context
  const x = context.inputs[0]
  const isMax = ops.toFloat(ops.equal(x, withAxes(context, node)))
  const ties = ops.reduceSum(isMax, attributes.axes, true)
  return ops.mul(isMax, ops.div(withAxes(context, grad), ties))
})

const reducer =
  (op: Op) =>
  (x: Node, axes?: readonly number[], keepAxes = false): Node => {
    const reduced = normaliseAxes(axes ?? x.shape.map((_, axis) => axis), x.shape.length)
    return reduced.length === 0 ? x : createNode(op, [x], { axes: reduced, keepAxes })
  }

/** Sum over `axes` (default all), dropped unless `keepAxes`. */
export const reduceSum = reducer(ReduceSum)
export const reduceMean = reducer(ReduceMean)
export const reduceMax = reducer(ReduceMax)

/** Undoes a broadcast: sums the stretched axes away, back to `shape`. */
export function sumTo(x: Node, shape: Shape): Node {
  const axes = stretchedAxes(x.shape, shape)
  if (axes.length === 0) return x
  const lead = x.shape.length - shape.length
  const kept = reduceSum(x, axes, true)
  return lead === 0
    ? kept
    : reduceSum(
        kept,
        Array.from({ length: lead }, (_, i) => i),
        false,
      )
}
