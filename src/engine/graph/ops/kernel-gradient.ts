import { tensor } from '../../../tensor/index.ts'
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

/** Up to this many values under the kernel, copying them out costs less than arranging the image. */
const FEW_TAPS = 64

const hasFewTaps = ({ image, kernel }: KernelGradient): boolean =>
  image.shape[1] * kernel[0] * kernel[1] <= FEW_TAPS

/** Derivative of a convolution by its kernel, K×C×kh×kw, as matrix products. */
export function kernelGradient(request: KernelGradient): Node {
  return hasFewTaps(request) ? fromPatches(request) : fromShifts(request)
}

/** Sum of each channel of `side`, read in the order in which `kernelGradient` needs that side anyway. */
export function biasGradient(request: KernelGradient, side: 'image' | 'grad'): Node {
  const { ops, [side]: x } = request
  return hasFewTaps(request)
    ? ops.reduceSum(x, [0, 2, 3])
    : ops.reduceSum(channelsLast(x, ops), [0, 1, 2])
}

/** Vector kernels of every runtime like filters in sixteens. */
const FILTERS_AT_ONCE = 16

/** For few channels: a convolution with one-hot kernels copies out what lay under each tap. */
function fromPatches({ image, grad, kernel, stride, padding, ops }: KernelGradient): Node {
  const [batch, filters, height, width] = grad.shape as [number, number, number, number]
  const channels = image.shape[1]
  const taps = channels * kernel[0] * kernel[1]
  const rows = Math.ceil(taps / FILTERS_AT_ONCE) * FILTERS_AT_ONCE
  const oneHot = new Float32Array(rows * taps)
  for (let tap = 0; tap < taps; tap++) oneHot[tap * taps + tap] = 1
  const selectors = ops.constant(tensor([rows, channels, ...kernel], oneHot))
  const patches = ops.convolution(image, selectors, { stride, padding })
  const positions = height * width
  const perImage = ops.matMul(
    ops.reshape(grad, [batch, filters, positions]),
    ops.reshape(patches, [batch, rows, positions]),
    { transposeB: true },
  )
  const summed = ops.slice(ops.reduceSum(perImage, [0]), { axes: [1], starts: [0], ends: [taps] })
  return ops.reshape(summed, [filters, channels, ...kernel])
}

/**
 * For many channels: image and `grad` with channels last, on one common grid flattened to rows,
 * so that a tap (i, j) is a shift by i·width + j rows and every tap is a product of two shifted matrices.
 * A stride is first folded into channels, where it becomes a shift like the others.
 */
function fromShifts({ image, grad, kernel, stride, padding, ops }: KernelGradient): Node {
  const [rows, columns] = kernel.map((length) => Math.ceil(length / stride)) as [number, number]
  const height = gridLength({ image, grad, axis: 2, taps: rows, stride, padding })
  const width = gridLength({ image, grad, axis: 3, taps: columns, stride, padding })
  const folded = fold(padTo(image, { height, width, stride, padding }, ops), stride, ops)
  const [batch, filters, ...size] = grad.shape as [number, number, number, number]
  const lastGrad = ops.pad(
    channelsLast(grad, ops),
    [0, 0, 0, 0],
    [0, height - size[0], width - size[1], 0],
  )
  const positions = batch * height * width
  const sides = {
    image: ops.reshape(folded, [positions, folded.shape[3]]),
    grad: ops.reshape(lastGrad, [positions, filters]),
  }
  const dense = productsOfShifts(sides, { rows, columns, width }, ops)
  return stride === 1 ? dense : unfoldTaps(dense, { channels: image.shape[1], stride, kernel }, ops)
}

const channelsLast = (x: Node, ops: Builders): Node => ops.transpose(x, [0, 2, 3, 1])

type GridAxis = {
  readonly image: Node
  readonly grad: Node
  readonly axis: 2 | 3
  readonly taps: number
  readonly stride: number
  readonly padding: number
}

/**
 * Grid cells along one axis. Zeros before a row also serve as the zeros after the row before it:
 * a tap that leaves its row, or its image, reads those.
 */
function gridLength({ image, grad, axis, taps, stride, padding }: GridAxis): number {
  const out = grad.shape[axis]
  const read = out + taps - 1
  const filled = Math.ceil(Math.min(image.shape[axis] + padding, read * stride) / stride)
  return Math.max(out, filled, read - Math.floor(padding / stride))
}

type Target = {
  readonly height: number
  readonly width: number
  readonly stride: number
  readonly padding: number
}

/** Channels last, with zeros around or cut at the end to exactly the strides of a height×width grid. */
function padTo(image: Node, { height, width, stride, padding }: Target, ops: Builders): Node {
  const ends = [height * stride, width * stride]
  const after = ends.map((end, i) => Math.max(end - image.shape[i + 2] - padding, 0))
  const grown = ops.pad(channelsLast(image, ops), [0, padding, padding, 0], [0, ...after, 0])
  return ops.slice(grown, { axes: [1, 2], starts: [0, 0], ends })
}

/** N×(s·H)×(s·W)×C to N×H×W×(s·s·C). */
function fold(x: Node, stride: number, ops: Builders): Node {
  if (stride === 1) return x
  const [batch, height, width, channels] = x.shape as [number, number, number, number]
  const [rows, columns] = [height / stride, width / stride]
  const split = ops.reshape(x, [batch, rows, stride, columns, stride, channels])
  return ops.reshape(ops.transpose(split, [0, 1, 3, 2, 4, 5]), [
    batch,
    rows,
    columns,
    stride * stride * channels,
  ])
}

/** Both with one row per grid position: positions×C and positions×K. */
type Sides = { readonly image: Node; readonly grad: Node }
type Taps = { readonly rows: number; readonly columns: number; readonly width: number }

/** K×C×rows×columns: column taps are stacked side by side from the narrower matrix, row taps shift the gradient. */
function productsOfShifts(
  { image, grad }: Sides,
  { rows, columns, width }: Taps,
  ops: Builders,
): Node {
  const range = (length: number) => Array.from({ length }, (_, i) => i)
  const [channels, filters] = [image.shape[1], grad.shape[1]]
  if (channels <= filters) {
    const stacked = ops.concat(
      range(columns).map((j) => shiftRows(image, j, ops)),
      1,
    )
    const products = range(rows).map((i) =>
      ops.matMul(shiftRows(grad, -i * width, ops), stacked, { transposeA: true }),
    )
    const all = ops.reshape(ops.concat(products, 0), [rows, filters, columns, channels])
    return ops.transpose(all, [1, 3, 0, 2])
  }
  const stacked = ops.concat(
    range(columns).map((j) => shiftRows(grad, -j, ops)),
    1,
  )
  const products = range(rows).map((i) =>
    ops.matMul(stacked, shiftRows(image, i * width, ops), { transposeA: true }),
  )
  const all = ops.reshape(ops.concat(products, 0), [rows, columns, filters, channels])
  return ops.transpose(all, [2, 3, 0, 1])
}

/** Row r becomes row r − by; what is pushed out is lost, zeros enter. */
const shiftRows = (x: Node, by: number, ops: Builders): Node => ops.pad(x, [-by, 0], [by, 0])

type Unfolding = {
  readonly channels: number
  readonly stride: number
  readonly kernel: readonly number[]
}

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
