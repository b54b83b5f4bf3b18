import { createNode, type Node } from '../node.ts'
import { defineOp, int } from '../op.ts'

type SoftmaxAttributes = { readonly axis: number }

/** eˣ over the sum of eˣ along one axis. */
export const Softmax = defineOp<SoftmaxAttributes>({
  name: 'Softmax',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ grad, node, attributes: { axis }, ops }) => {
    const weighted = ops.mul(grad, node)
    return [ops.sub(weighted, ops.mul(node, ops.reduceSum(weighted, [axis], true)))]
  },
  emit: ({ axis }) => ({ attributes: { axis: int(axis) } }),
})

/** x − log Σ eˣ along one axis. */
export const LogSoftmax = defineOp<SoftmaxAttributes>({
  name: 'LogSoftmax',
  infer: ([x]) => ({ shape: x.shape, dtype: x.dtype }),
  gradient: ({ grad, node, attributes: { axis }, ops }) => [
    ops.sub(grad, ops.mul(ops.exp(node), ops.reduceSum(grad, [axis], true))),
  ],
  emit: ({ axis }) => ({ attributes: { axis: int(axis) } }),
})

/** Probabilities along the last axis. */
export const softmax = (x: Node): Node => createNode(Softmax, [x], { axis: x.shape.length - 1 })
/** Log-probabilities along the last axis. */
export const logSoftmax = (x: Node): Node =>
  createNode(LogSoftmax, [x], { axis: x.shape.length - 1 })
