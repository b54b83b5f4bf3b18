import { broadcastShapes } from '../broadcast.ts'
import { createNode, type Node } from '../node.ts'
import { defineOp, type GradientContext, type Op } from '../op.ts'

type BinaryGradient = (context: GradientContext) => readonly [Node | null, Node | null]

function binary(name: string, gradient: BinaryGradient): Op {
  return defineOp({
    name,
    infer: ([a, b]) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }),
    gradient: (context) => {
      const parts = gradient(context)
      return parts.map((part, i) => part && context.ops.sumTo(part, context.inputs[i].shape))
    },
    emit: () => ({}),
  })
}

/** Elementwise with NumPy’s broadcasting; a stretched operand gets the sum of its copies’ derivatives. */
export const Add = binary('Add', ({ grad }) => [grad, grad])
export const Sub = binary('Sub', ({ grad, ops }) => [grad, ops.neg(grad)])
export const Mul = binary('Mul', ({ grad, inputs: [a, b], ops }) => [
  ops.mul(grad, b),
  ops.mul(grad, a),
])
export const Div = binary('Div', ({ grad, node, inputs: [, b], ops }) => {
  const byA = ops.div(grad, b)
  return [byA, ops.neg(ops.mul(byA, node))]
})
/** At a tie the whole derivative goes to the first input. */
export const Max = binary('Max', ({ grad, inputs: [a, b], ops }) => {
  const first = ops.greaterOrEqual(a, b)
  const zero = ops.constant(0)
  return [ops.where(first, grad, zero), ops.where(first, zero, grad)]
})
export const Min = binary('Min', ({ grad, inputs: [a, b], ops }) => {
  const first = ops.greaterOrEqual(b, a)
  const zero = ops.constant(0)
  return [ops.where(first, grad, zero), ops.where(first, zero, grad)]
})

/** a + b and so on, broadcast. */
export const add = (a: Node, b: Node): Node => createNode(Add, [a, b])
export const sub = (a: Node, b: Node): Node => createNode(Sub, [a, b])
export const mul = (a: Node, b: Node): Node => createNode(Mul, [a, b])
export const div = (a: Node, b: Node): Node => createNode(Div, [a, b])
export const max = (a: Node, b: Node): Node => createNode(Max, [a, b])
export const min = (a: Node, b: Node): Node => createNode(Min, [a, b])
