import { type Node, topologicalOrder, withInputs } from '../node.ts'
import { MaxPool, type PoolAttributes } from '../ops/pooling.ts'
import { type ResizeAttributes } from '../ops/movement.ts'
import { blockedAveragePool, blockedMaxPool, blockedUpsample } from './blocked-ops.ts'
import { lowerConvolution } from './convolution.ts'
import { createLowering, fillsBlocks, type Lowered, type Lowering } from './lowering.ts'

/**
 * Rewrites a graph so that its convolutions, and what lies between them, run on ONNX Runtime's blocked layout,
 * two to three times as fast. The runtime does this by itself only where weights are constant: not in training.
 * The result runs on the CPU provider only, with the block length `session.ts` finds out.
 */
export function lowerToBlocked(
  outputs: Readonly<Record<string, Node>>,
  block: number,
): Record<string, Node> {
  const lowering = createLowering(block)
  for (const node of topologicalOrder(Object.values(outputs)))
    lowering.set(node, lower(node, lowering))
  return Object.fromEntries(
    Object.entries(outputs).map(([name, node]) => [name, lowering.plain(node)]),
  )
}

type Rule = (node: Node, lowering: Lowering) => Lowered | undefined

const rules: Readonly<Record<string, Rule>> = {
  Conv: lowerConvolution,
  MaxPool: lowerPool,
  AveragePool: lowerPool,
  Resize: lowerResize,
  Transpose: lowerTranspose,
}

const elementwise = new Set(
  (
    'Add Sub Mul Div Max Min Neg Exp Log Sqrt Abs Sign Relu LeakyRelu Sigmoid Tanh Softplus ' +
    'Greater GreaterOrEqual Equal Where Cast'
  ).split(' '),
)

function lower(node: Node, lowering: Lowering): Lowered {
  const rule = elementwise.has(node.op.name) ? lowerElementwise : rules[node.op.name]
  return rule?.(node, lowering) ?? { plain: withInputs(node, node.inputs.map(lowering.plain)) }
}

/** Any order of the values will do as long as all operands share it; single numbers fit every order. */
function lowerElementwise(node: Node, lowering: Lowering): Lowered | undefined {
  const shape = node.shape.join()
  const isNumber = (input: Node) => input.shape.length === 0
  const fits = (input: Node) =>
    input.shape.join() === shape &&
    (lowering.isBlocked(input) || fillsBlocks(input, lowering.block))
  if (
    !node.inputs.some(lowering.isBlocked) ||
    !node.inputs.every((input) => isNumber(input) || fits(input))
  ) {
    return undefined
  }
  return {
    blocked: withInputs(
      node,
      node.inputs.map((input) => (isNumber(input) ? lowering.plain : lowering.blocked)(input)),
    ),
  }
}

function lowerPool(node: Node, lowering: Lowering): Lowered | undefined {
  const x = node.inputs[0]
  if (!lowering.isBlocked(x)) return undefined
  const { size } = node.attributes as PoolAttributes
  const make = node.op === MaxPool ? blockedMaxPool : blockedAveragePool
  return { blocked: make(lowering.blocked(x), { size, shape: node.shape }) }
}

function lowerResize(node: Node, lowering: Lowering): Lowered | undefined {
  const x = node.inputs[0]
  if (!lowering.isBlocked(x)) return undefined
  const { factor } = node.attributes as ResizeAttributes
  return { blocked: blockedUpsample(lowering.blocked(x), { factor, shape: node.shape }) }
}

const TO_CHANNELS_LAST = '0,2,3,1'
const FROM_CHANNELS_LAST = '0,3,1,2'

/** Channels last and back again: on the way out of the blocked layout, or into it, that costs nothing extra. */
function lowerTranspose(node: Node, lowering: Lowering): Lowered | undefined {
  const x = node.inputs[0]
  const { order } = node.attributes as { readonly order: readonly number[] }
  if (order.join() === FROM_CHANNELS_LAST && fillsBlocks(node, lowering.block)) {
    return { channelsLast: lowering.plain(x) }
  }
  return order.join() === TO_CHANNELS_LAST ? { plain: lowering.channelsLast(x) } : undefined
}
