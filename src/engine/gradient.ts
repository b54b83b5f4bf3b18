import { ops } from './graph/ops/index.ts'
import { createNode, type Node, requireConcrete, topologicalOrder } from './graph/node.ts'

/**
 * Derivatives of a scalar `loss` by each of `targets`, as new nodes of the same graph:
 * reverse-mode differentiation, one walk from the loss to its inputs, each op's own rule on the way.
 * A target the loss doesn't depend on gets zeros. Throws TypeError at an op without a derivative.
 */
export function gradients(loss: Node, targets: readonly Node[]): Node[] {
  if (loss.shape.length !== 0) {
    throw new RangeError(`expected a scalar loss, got shape [${loss.shape.join(', ')}]`)
  }
  const order = topologicalOrder([loss])
  const needed = dependents(order, targets)
  const found = new Map<Node, Node>([[loss, ops.constant(1)]])
  for (const node of order.toReversed()) {
    const grad = found.get(node)
    if (grad !== undefined && needed.has(node)) propagate(node, grad, { needed, found })
  }
  return targets.map((target) => found.get(target) ?? ops.expand(ops.constant(0), target.shape))
}

/** Nodes through which a target reaches the end of `order`. */
function dependents(order: readonly Node[], targets: readonly Node[]): Set<Node> {
  const needed = new Set<Node>(targets)
  for (const node of order) if (node.inputs.some((input) => needed.has(input))) needed.add(node)
  return needed
}

type Walk = { readonly needed: ReadonlySet<Node>; readonly found: Map<Node, Node> }

function propagate(node: Node, grad: Node, { needed, found }: Walk): void {
  if (!node.inputs.some((input) => needed.has(input))) return
  if (node.op.gradient === null) {
    throw new TypeError(
      `expected a differentiable path, got ${node.op.name}, which has no derivative`,
    )
  }
  requireConcrete(node.shape)
  const { inputs, attributes } = node
  const parts = node.op.gradient({ node, inputs, attributes, grad, ops })
  inputs.forEach((input, i) => {
    const part = parts[i]
    if (part === null || part === undefined || !needed.has(input)) return
    const sum = found.get(input)
    found.set(input, sum === undefined ? part : accumulate(sum, part))
  })
}

/** Ops that only move numbers about: they do so to a sum at the cost of one term. */
const movements = new Set(['Reshape', 'Transpose', 'Slice', 'Flip', 'Concat', 'Pad'])

/** The sum of two derivatives. Where both were moved the same way, what was moved is added first. */
function accumulate(a: Node, b: Node): Node {
  const alike =
    a.op === b.op &&
    movements.has(a.op.name) &&
    a.inputs.length === b.inputs.length &&
    a.inputs.every((input, i) => input.shape.join() === b.inputs[i].shape.join()) &&
    JSON.stringify(a.attributes) === JSON.stringify(b.attributes)
  if (!alike) return ops.add(a, b)
  return createNode(
    a.op,
    a.inputs.map((input, i) => accumulate(input, b.inputs[i])),
    a.attributes,
  )
}
