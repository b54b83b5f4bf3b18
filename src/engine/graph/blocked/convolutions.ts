import { FREE, type Node } from '../node.ts'
import {
  Conv,
  ConvTranspose,
  type ConvolutionAttributes,
  type TransposeAttributes,
} from '../ops/convolution.ts'
import { concat, reshape, transpose } from '../ops/movement.ts'
import { flip, slice } from '../ops/slice.ts'
import { blockedConvolution } from './blocked-ops.ts'
import { fillsBlocks, type Lowered, type Lowering } from './lowering.ts'

/** Images with fewer channels than one block stay plain; the runtime's kernel reads them so. */
function takesImage(x: Node, block: number): boolean {
  return x.shape[1] < block || fillsBlocks(x, block)
}

function imageOperand(x: Node, lowering: Lowering): Node {
  return x.shape[1] < lowering.block ? lowering.plain(x) : lowering.blocked(x)
}

/** Kernels K×C×kh×kw in the order the runtime reads: blocks of filters innermost, then blocks of channels. */
function blockWeights(weights: Node, block: number): Node {
  const [filters, channels, rows, columns] = weights.shape as [number, number, number, number]
  const few = channels < block
  const split = few
    ? reshape(weights, [filters / block, block, channels, rows, columns])
    : reshape(weights, [filters / block, block, channels / block, block, rows, columns])
  return reshape(transpose(split, few ? [0, 2, 3, 4, 1] : [0, 2, 4, 5, 3, 1]), weights.shape)
}

/** A convolution whose filters fill whole blocks; undefined otherwise. */
export function lowerConvolution(node: Node, lowering: Lowering): Lowered | undefined {
  const { block } = lowering
  const [x, weights, bias] = node.inputs as [Node, Node, Node | undefined]
  const { stride, padding } = node.attributes as ConvolutionAttributes
  const [filters, , rows, columns] = weights.shape as [number, number, number, number]
  if (node.op !== Conv || filters % block !== 0 || !takesImage(x, block)) return undefined
  const ordered = lowering.once(weights, 'filters', () =>
    blockWeights(lowering.plain(weights), block),
  )
  const pads = [padding, padding, padding, padding]
  const operands = [imageOperand(x, lowering), ordered, ...(bias ? [lowering.plain(bias)] : [])]
  return {
    blocked: blockedConvolution(operands, { stride, pads, filters, kernel: [rows, columns] }),
  }
}

/** One of the convolutions a transposed convolution falls apart into, along one image axis. */
type Phase = {
  readonly firstTap: number
  readonly taps: number
  readonly before: number
  readonly after: number
}

/** Fewer than `stride` where the convolution doesn't fall apart evenly. */
function phasesOf(node: Node, axis: number): Phase[] {
  const { stride } = node.attributes as TransposeAttributes
  if (node.shape[axis] % stride !== 0) return []
  return Array.from({ length: stride }, (_, phase) => phaseOf(phase, node, axis)).filter(
    (phase) => phase !== undefined,
  )
}

/**
 * Output rows o ≡ phase (mod stride) of a transposed convolution read only the taps t ≡ o + padding:
 * an ordinary convolution with those taps in reverse. Undefined where it would need a crop.
 */
function phaseOf(phase: number, node: Node, axis: number): Phase | undefined {
  const { stride, padding } = node.attributes as TransposeAttributes
  const [x, weights] = node.inputs as [Node, Node]
  const [length, kernel, out] = [x.shape[axis], weights.shape[axis], node.shape[axis]]
  const firstTap = (phase + padding) % stride
  const taps = Math.ceil((kernel - firstTap) / stride)
  const before = taps - 1 - (phase + padding - firstTap) / stride
  const after = out / stride + taps - 1 - length - before
  const fits = taps > 0 && before >= 0 && after >= 0 && before < taps && after < taps
  return fits ? { firstTap, taps, before, after } : undefined
}

/** A transposed convolution as stride² convolutions whose results interleave; undefined where that doesn't fit. */
export function lowerConvolutionTranspose(node: Node, lowering: Lowering): Lowered | undefined {
  const { block } = lowering
  const [x, weights] = node.inputs as [Node, Node]
  const { stride } = node.attributes as TransposeAttributes
  if (node.op !== ConvTranspose || !takesImage(x, block) || !fillsBlocks(node, block))
    return undefined
  const rows = phasesOf(node, 2)
  const columns = phasesOf(node, 3)
  if (node.shape.includes(FREE) || rows.length < stride || columns.length < stride) return undefined
  const flipped = lowering.once(weights, 'flipped', () =>
    transpose(flip(lowering.plain(weights), [2, 3]), [1, 0, 2, 3]),
  )
  const parts = rows.map((row) =>
    columns.map((column) => phaseConvolution(node, { row, column, flipped }, lowering)),
  )
  return { blocked: interleave(node, parts, block) }
}

type PhasePair = { readonly row: Phase; readonly column: Phase; readonly flipped: Node }

function phaseConvolution(
  node: Node,
  { row, column, flipped }: PhasePair,
  lowering: Lowering,
): Node {
  const { stride } = node.attributes as TransposeAttributes
  const [x, weights, bias] = node.inputs as [Node, Node, Node | undefined]
  const key = `phase ${row.firstTap},${column.firstTap} of ${stride}`
  const ordered = lowering.once(weights, key, () => {
    const starts = [row, column].map(
      ({ firstTap, taps }, i) => weights.shape[i + 2] - 1 - firstTap - stride * (taps - 1),
    )
    const ends = weights.shape.slice(2).map((length, i) => length - [row, column][i].firstTap)
    return blockWeights(
      slice(flipped, { axes: [2, 3], starts, ends, steps: [stride, stride] }),
      lowering.block,
    )
  })
  const operands = [imageOperand(x, lowering), ordered, ...(bias ? [lowering.plain(bias)] : [])]
  return blockedConvolution(operands, {
    stride: 1,
    pads: [row.before, column.before, row.after, column.after],
    filters: node.shape[1],
    kernel: [row.taps, column.taps],
  })
}

/** stride×stride blocked maps to one of stride times the sides, in whole blocks of channels. */
function interleave(node: Node, parts: readonly (readonly Node[])[], block: number): Node {
  const [batch, channels, height, width] = node.shape as [number, number, number, number]
  const stride = parts.length
  const lines = (batch * channels * height) / (block * stride)
  const rows = parts.map((row) => {
    const pixels = row.map((part) => reshape(part, [lines, width / stride, 1, block]))
    return reshape(concat(pixels, 2), [lines, 1, width * block])
  })
  return reshape(concat(rows, 1), node.shape)
}
