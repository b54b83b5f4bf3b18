import type { Node } from '../node.ts'
import type { Builders } from './index.ts'

export type KernelGradient = {
  /** N×C×H×W: what the kernel slid over. */
  readonly image: Node
  /** N×K×H'×W': derivative by what came out. */
  readonly grad: Node
  readonly kernel: readonly number[]
  readonly stride: number
  readonly padding: number
  readonly ops: Builders
}

/**
 * Derivative of a convolution by its kernel, K×C×kh×kw, as one matrix product per image.
 * Rows are padded and flattened, so that a tap (i, j) is a shift by i·width + j along one axis;
 * shifted copies of the image and of `grad` are stacked, and every tap falls out of their product.
 * A stride is first folded into channels, where it becomes a shift like the others.
 */
export function kernelGradient(request: KernelGradient): Node {
  const { image, grad, kernel, stride, padding, ops } = request
  const folded = kernel.map((length) => Math.ceil(length / stride))
  const height = (grad.shape[2]! + folded[0]! - 1) * stride
  const width = (grad.shape[3]! + folded[1]! - 1) * stride
  const padded = padTo(image, { height, width, padding }, ops)
  const dense = stride === 1 ? padded : ops.spaceToDepth(padded, stride)
  const taps = denseKernelGradient(dense, grad, ops)
  return stride === 1 ? taps : unfoldTaps(taps, { channels: image.shape[1]!, stride, kernel }, ops)
}

type Target = { readonly height: number; readonly width: number; readonly padding: number }

/** Zeros around, or cuts at the end, to exactly height×width. */
function padTo(image: Node, { height, width, padding }: Target, ops: Builders): Node {
  const after = [height - image.shape[2]! - padding, width - image.shape[3]! - padding]
  const grown = ops.pad(image, [0, 0, padding, padding], [0, 0, ...after.map((n) => Math.max(n, 0))])
  return ops.slice(grown, { axes: [2, 3], starts: [0, 0], ends: [height, width] })
}

/** Which operand is copied once per row tap and per column tap: whichever makes less to stack. */
function placeTaps(channels: number, filters: number, [rows, columns]: readonly [number, number]) {
  const plans = [
    { image: [rows, columns], grad: [1, 1] },
    { image: [1, columns], grad: [rows, 1] },
    { image: [1, 1], grad: [rows, columns] },
  ] as const
  const cost = (plan: (typeof plans)[number]) =>
    channels * plan.image[0] * plan.image[1] + filters * plan.grad[0] * plan.grad[1]
  return plans.reduce((best, plan) => (cost(plan) < cost(best) ? plan : best))
}

function denseKernelGradient(image: Node, grad: Node, ops: Builders): Node {
  const [batch, channels, height, width] = image.shape as [number, number, number, number]
  const [, filters, outHeight, outWidth] = grad.shape as [number, number, number, number]
  const rows = height - outHeight + 1
  const columns = width - outWidth + 1
  const plan = placeTaps(channels, filters, [rows, columns])
  const offsets = (taps: readonly [number, number]) =>
    Array.from({ length: taps[0] * taps[1] }, (_, t) => Math.floor(t / taps[1]) * width + (t % taps[1]))
  const imageOffsets = offsets(plan.image)
  const gradOffsets = offsets(plan.grad)
  const flat = ops.pad(ops.reshape(image, [batch, channels, height * width]), [0, 0, 0], [0, 0, columns - 1])
  const length = flat.shape[2]! - imageOffsets.at(-1)!
  const images = imageOffsets.map((offset) =>
    ops.slice(flat, { axes: [2], starts: [offset], ends: [offset + length] }),
  )
  const wide = ops.reshape(ops.pad(grad, [0, 0, 0, 0], [0, 0, 0, columns - 1]), [batch, filters, outHeight * width])
  const grads = gradOffsets.map((offset) =>
    ops.pad(wide, [0, 0, offset], [0, 0, length - offset - outHeight * width]),
  )
  const perImage = ops.matMul(ops.concat(grads, 1), ops.concat(images, 1), { transposeB: true })
  const summed = ops.reshape(ops.reduceSum(perImage, [0]), [...plan.grad, filters, ...plan.image, channels])
  const taps = ops.transpose(summed, [2, 5, 0, 3, 1, 4])
  return ops.reshape(taps, [filters, channels, rows, columns])
}

type Unfolding = { readonly channels: number; readonly stride: number; readonly kernel: readonly number[] }

/** K×(s·s·C)×kh/s×kw/s back to K×C×kh×kw, dropping taps beyond the kernel. */
function unfoldTaps(taps: Node, { channels, stride, kernel }: Unfolding, ops: Builders): Node {
  const [filters, , rows, columns] = taps.shape as [number, number, number, number]
  const split = ops.reshape(taps, [filters, stride, stride, channels, rows, columns])
  const merged = ops.reshape(ops.transpose(split, [0, 3, 4, 1, 5, 2]), [
    filters,
    channels,
    rows * stride,
    columns * stride,
  ])
  return ops.slice(merged, { axes: [2, 3], starts: [0, 0], ends: kernel })
}
