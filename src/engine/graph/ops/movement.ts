import { compatible, broadcastShapes } from '../broadcast.ts'
import { createNode, FREE, type Node, type Shape } from '../node.ts'
import { defineOp, int, ints, text } from '../op.ts'
import { elementCount } from '../../../tensor/index.ts'

type ShapeAttributes = { readonly shape: Shape }

/** Same values, other axes. */
export const Reshape = defineOp<ShapeAttributes>({
  name: 'Reshape',
  infer: ([x], { shape }) => {
    const free = x.shape[0] === FREE
    if (free !== (shape[0] === FREE) || elementCount(x.shape) !== elementCount(shape)) {
      throw new RangeError(
        `expected a reshape of equal size, got [${x.shape.join(', ')}] to [${shape.join(', ')}]`,
      )
    }
    return { shape, dtype: x.dtype }
  },
  gradient: ({ grad, inputs: [x], ops }) => [ops.reshape(grad, x.shape)],
  emit: ({ shape }) => ({ trailingInputs: [shape] }),
})

/** Broadcasting written out. */
export const Expand = defineOp<ShapeAttributes>({
  name: 'Expand',
  infer: ([x], { shape }) => ({ shape: broadcastShapes(x.shape, shape), dtype: x.dtype }),
  gradient: ({ grad, inputs: [x], ops }) => [ops.sumTo(grad, x.shape)],
  emit: ({ shape }) => ({ trailingInputs: [shape] }),
})

type TransposeAttributes = { readonly order: readonly number[] }

/** Axes in another order. */
export const Transpose = defineOp<TransposeAttributes>({
  name: 'Transpose',
  infer: ([x], { order }) => ({ shape: order.map((axis) => x.shape[axis]), dtype: x.dtype }),
  gradient: ({ grad, attributes: { order }, ops }) => [
    ops.transpose(
      grad,
      order.map((_, axis) => order.indexOf(axis)),
    ),
  ],
  emit: ({ order }) => ({ attributes: { perm: ints(order) } }),
})

type ConcatAttributes = { readonly axis: number }

/** Parts end to end along one axis. */
export const Concat = defineOp<ConcatAttributes>({
  name: 'Concat',
  infer: (inputs, { axis }) => {
    const first = inputs[0].shape
    for (const { shape } of inputs) {
      if (!shape.every((length, i) => i === axis || compatible(length, first[i]))) {
        throw new RangeError(
          `expected equal axes beside ${axis}, got [${first.join(', ')}] and [${shape.join(', ')}]`,
        )
      }
    }
    const joined = inputs.reduce((sum, { shape }) => sum + shape[axis], 0)
    return {
      shape: first.map((length, i) => (i === axis ? joined : length)),
      dtype: inputs[0].dtype,
    }
  },
  gradient: ({ grad, inputs, attributes: { axis }, ops }) => {
    let start = 0
    return inputs.map(({ shape }) => {
      const end = start + shape[axis]
      const part = ops.slice(grad, { axes: [axis], starts: [start], ends: [end] })
      start = end
      return part
    })
  },
  emit: ({ axis }) => ({ attributes: { axis: int(axis) } }),
})

function paddedLength(length: number, before: number, after: number): number {
  if (before === 0 && after === 0) return length
  const padded = length + before + after
  if (length === FREE || padded < 1)
    throw new RangeError(`expected an axis to pad, got ${length} by ${before} and ${after}`)
  return padded
}

type PadAttributes = { readonly before: readonly number[]; readonly after: readonly number[] }

/** Zeros around; negative counts cut. */
export const Pad = defineOp<PadAttributes>({
  name: 'Pad',
  infer: ([x], { before, after }) => ({
    shape: x.shape.map((length, i) => paddedLength(length, before[i], after[i])),
    dtype: x.dtype,
  }),
  gradient: ({ grad, attributes: { before, after }, ops }) => [
    ops.pad(
      grad,
      before.map((count) => -count),
      after.map((count) => -count),
    ),
  ],
  emit: ({ before, after }) => ({
    attributes: { mode: text('constant') },
    trailingInputs: [[...before, ...after]],
  }),
})

type DepthAttributes = { readonly block: number }

/** Blocks of channels to blocks of pixels, ONNX mode DCR. */
export const DepthToSpace = defineOp<DepthAttributes>({
  name: 'DepthToSpace',
  infer: ([x], { block }) => {
    const [n, c, h, w] = x.shape as [number, number, number, number]
    return { shape: [n, c / (block * block), h * block, w * block], dtype: x.dtype }
  },
  gradient: ({ grad, attributes: { block }, ops }) => [ops.spaceToDepth(grad, block)],
  emit: ({ block }) => ({ attributes: { blocksize: int(block), mode: text('DCR') } }),
})

/** The inverse of DepthToSpace. */
export const SpaceToDepth = defineOp<DepthAttributes>({
  name: 'SpaceToDepth',
  infer: ([x], { block }) => {
    const [n, c, h, w] = x.shape as [number, number, number, number]
    return { shape: [n, c * block * block, h / block, w / block], dtype: x.dtype }
  },
  gradient: ({ grad, attributes: { block }, ops }) => [ops.depthToSpace(grad, block)],
  emit: ({ block }) => ({ attributes: { blocksize: int(block) } }),
})

/** A whole number of copies of each row and column. */
export type ResizeAttributes = { readonly factor: number }

/** Nearest-neighbour upsampling. */
export const Resize = defineOp<ResizeAttributes>({
  name: 'Resize',
  infer: ([x], { factor }) => {
    const [n, c, h, w] = x.shape as [number, number, number, number]
    return { shape: [n, c, h * factor, w * factor], dtype: x.dtype }
  },
  gradient: ({ grad, attributes: { factor }, ops }) => [
    ops.mul(ops.averagePool(grad, factor), ops.constant(factor * factor)),
  ],
  emit: (_, node) => ({
    attributes: {
      mode: text('nearest'),
      coordinate_transformation_mode: text('asymmetric'),
      nearest_mode: text('floor'),
      axes: ints([2, 3]),
    },
    trailingInputs: [null, null, [node.shape[2], node.shape[3]]],
  }),
})

/** Same values in row-major order under another shape of equal size; nothing where it is the same. */
export const reshape = (x: Node, shape: Shape): Node =>
  shape.join() === x.shape.join() ? x : createNode(Reshape, [x], { shape })
/** Broadcasts to `shape`. */
export const expand = (x: Node, shape: Shape): Node =>
  shape.join() === x.shape.join() ? x : createNode(Expand, [x], { shape })
export const transpose = (x: Node, order: readonly number[]): Node =>
  createNode(Transpose, [x], { order })
export const concat = (inputs: readonly Node[], axis: number): Node =>
  inputs.length === 1 ? inputs[0] : createNode(Concat, inputs, { axis })
/** Zeros around; one count before and after per axis. A negative count cuts entries off instead. */
export const pad = (x: Node, before: readonly number[], after: readonly number[]): Node =>
  [...before, ...after].every((count) => count === 0) ? x : createNode(Pad, [x], { before, after })
/** N×(b·b·C)×H×W to N×C×(b·H)×(b·W), the block index outermost among channels. */
export const depthToSpace = (x: Node, block: number): Node =>
  createNode(DepthToSpace, [x], { block })
export const spaceToDepth = (x: Node, block: number): Node =>
  createNode(SpaceToDepth, [x], { block })
/** Repeats each pixel `factor` times along both image axes. */
export const upsampleNearest = (x: Node, factor: number): Node =>
  createNode(Resize, [x], { factor })
