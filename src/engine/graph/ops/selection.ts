import { broadcastShapes } from '../broadcast.ts'
import { createNode, type Node } from '../node.ts'
import { defineOp, int, type Op } from '../op.ts'

function comparison(name: string): Op {
  return defineOp({
    name,
    infer: ([a, b]) => ({ shape: broadcastShapes(a.shape, b.shape), dtype: 'bool' }),
    gradient: null,
    emit: () => ({}),
  })
}

/** To booleans, which have no derivative. */
export const Greater = comparison('Greater')
export const GreaterOrEqual = comparison('GreaterOrEqual')
export const Equal = comparison('Equal')

/** The derivative goes to the operand that was chosen. */
export const Where = defineOp({
  name: 'Where',
  infer: ([condition, a, b]) => ({
    shape: broadcastShapes(condition.shape, broadcastShapes(a.shape, b.shape)),
    dtype: a.dtype,
  }),
  gradient: ({ grad, inputs: [condition, a, b], ops }) => {
    const zero = ops.constant(0)
    return [
      null,
      ops.sumTo(ops.where(condition, grad, zero), a.shape),
      ops.sumTo(ops.where(condition, zero, grad), b.shape),
    ]
  },
  emit: () => ({}),
})

/** ONNX data type numbers of the casts there are. */
const FLOAT = 1

/** Booleans to numbers; no derivative flows back. */
export const Cast = defineOp({
  name: 'Cast',
  infer: ([x]) => ({ shape: x.shape, dtype: 'float32' }),
  gradient: null,
  emit: () => ({ attributes: { to: int(FLOAT) } }),
})

/** Booleans, broadcast. */
export const greater = (a: Node, b: Node): Node => createNode(Greater, [a, b])
export const greaterOrEqual = (a: Node, b: Node): Node => createNode(GreaterOrEqual, [a, b])
export const equal = (a: Node, b: Node): Node => createNode(Equal, [a, b])
/** `a` where the boolean `condition` holds, else `b`. */
export const where = (condition: Node, a: Node, b: Node): Node =>
  createNode(Where, [condition, a, b])
/** Booleans as 0 and 1. */
export const toFloat = (x: Node): Node => createNode(Cast, [x])
