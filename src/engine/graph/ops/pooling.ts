import { createNode, type Node, type Shape } from '../node.ts'
import { defineOp, ints, type Attributes, type Emission, type GradientContext } from '../op.ts'

/** Side of the square tiles, also their stride. */
export type PoolAttributes = { readonly size: number }

function pooledShape(shape: Shape, { size }: PoolAttributes): Shape {
  const [n, c, h, w] = shape as [number, number, number, number]
  if (h < size || w < size) throw new RangeError(`expected at least ${size}×${size}, got ${h}×${w}`)
  return [n, c, Math.floor(h / size), Math.floor(w / size)]
}

function emitPool({ size }: PoolAttributes): Emission {
  return { attributes: { kernel_shape: ints([size, size]), strides: ints([size, size]) } }
}

/** The pooled part of the input: rows and columns that fill whole windows. */
function covered({
  inputs: [x],
  node,
  attributes: { size },
  ops,
}: GradientContext<PoolAttributes>): Node {
  return ops.slice(x, {
    axes: [2, 3],
    starts: [0, 0],
    ends: [node.shape[2] * size, node.shape[3] * size],
  })
}

/** Zeros for the rows and columns that no window covered. */
function restore({ inputs: [x], ops }: GradientContext<PoolAttributes>, part: Node): Node {
  const missing = x.shape.map((length, axis) => length - part.shape[axis])
  return ops.pad(part, [0, 0, 0, 0], missing)
}

function maxPoolGradient(context: GradientContext<PoolAttributes>): Node {
  const { node, grad, attributes, ops } = context
  const { size } = attributes
  const isMax = ops.toFloat(ops.equal(covered(context), ops.upsampleNearest(node, size)))
  const ties = ops.mul(ops.averagePool(isMax, size), ops.constant(size * size))
  return restore(context, ops.mul(isMax, ops.upsampleNearest(ops.div(grad, ties), size)))
}

/** Tied maxima share the derivative equally. */
export const MaxPool = defineOp<PoolAttributes>({
  name: 'MaxPool',
  infer: ([x], attributes) => ({ shape: pooledShape(x.shape, attributes), dtype: x.dtype }),
  gradient: (context) => [maxPoolGradient(context)],
  emit: emitPool,
})

/** Each value of a tile gets an equal share of the derivative. */
export const AveragePool = defineOp<PoolAttributes>({
  name: 'AveragePool',
  infer: ([x], attributes) => ({ shape: pooledShape(x.shape, attributes), dtype: x.dtype }),
  gradient: (context) => {
    const { grad, attributes, ops } = context
    const share = ops.mul(grad, ops.constant(1 / attributes.size ** 2))
    return [restore(context, ops.upsampleNearest(share, attributes.size))]
  },
  emit: emitPool,
})

const pool = (op: typeof MaxPool, x: Node, attributes: Attributes): Node =>
  createNode(op, [x], attributes)

/** Largest value of each `size`×`size` tile; rows and columns that fill no tile are dropped. */
export const maxPool = (x: Node, size: number): Node => pool(MaxPool, x, { size })
/** Mean of each `size`×`size` tile; rows and columns that fill no tile are dropped. */
export const averagePool = (x: Node, size: number): Node => pool(AveragePool, x, { size })
