import type { Node } from '../node.ts'
import { type ConvolutionAttributes, paddingSides } from '../ops/convolution.ts'
import { reshape, transpose } from '../ops/movement.ts'
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
  if (filters % block !== 0 || !takesImage(x, block)) return undefined
  const ordered = lowering.orderedWeights(weights, () =>
    blockWeights(lowering.plain(weights), block),
  )
  const pads = paddingSides(padding)
  const operands = [imageOperand(x, lowering), ordered, ...(bias ? [lowering.plain(bias)] : [])]
  return {
    blocked: blockedConvolution(operands, { stride, pads, filters, kernel: [rows, columns] }),
  }
}
