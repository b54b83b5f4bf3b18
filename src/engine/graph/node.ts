import type { Tensor } from '../../tensor/index.ts'
import type { Attributes, Op } from './op.ts'

/** What a value consists of; only float32 is differentiated. */
export type DataType = 'float32' | 'int64' | 'bool'

/** Axis lengths; the first may be `FREE`, a batch size left open until the graph runs. */
export type Shape = readonly number[]

/** A batch axis of any length; graphs to be differentiated need concrete axes instead. */
export const FREE = -1

/** One symbolic value: an op applied to nodes. Frozen; a graph is the nodes reachable from its outputs. */
export type Node = {
  readonly op: Op
  readonly inputs: readonly Node[]
  readonly attributes: Attributes
  readonly shape: Shape
  readonly dtype: DataType
}

/** Applies `op` to `inputs`; its shape rule runs here, so a wrong graph fails where it is built. */
export function createNode(op: Op, inputs: readonly Node[], attributes: Attributes = {}): Node {
  const { shape, dtype } = op.infer(inputs, attributes)
  return Object.freeze({
    op,
    inputs: Object.freeze([...inputs]),
    attributes: Object.freeze({ ...attributes }),
    shape: Object.freeze([...shape]),
    dtype,
  })
}

/** The same outputs, each node remade from its remade inputs and then handed to `rule`. */
export function rewrite(
  outputs: Readonly<Record<string, Node>>,
  rule: (node: Node) => Node,
): Record<string, Node> {
  const rewritten = new Map<Node, Node>()
  for (const node of topologicalOrder(Object.values(outputs))) {
    rewritten.set(
      node,
      rule(
        withInputs(
          node,
          node.inputs.map((input) => rewritten.get(input)!),
        ),
      ),
    )
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, node]) => [name, rewritten.get(node)!]),
  )
}

/** The same op with the same settings on other inputs; the node itself where they are its own. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  return inputs.every((input, i) => input === node.inputs[i])
    ? node
    : createNode(node.op, inputs, node.attributes)
}

/** Throws RangeError when an axis is left open. */
export function requireConcrete(shape: Shape): void {
  if (shape.includes(FREE)) {
    throw new RangeError(`expected concrete axes, got [${shape.join(', ')}] with a free batch axis`)
  }
}

/** Values of a graph's leaves that stand in the model file. */
export type ConstantData = Tensor | { readonly shape: Shape; readonly data: BigInt64Array }

/** Nodes reachable from `outputs`, every node after its inputs. */
export function topologicalOrder(outputs: readonly Node[]): Node[] {
  const order: Node[] = []
  const state = new Map<Node, 'open' | 'done'>()
  const stack = outputs.toReversed()
  while (stack.length > 0) {
    const node = stack[stack.length - 1]
    if (state.get(node) === 'done') {
      stack.pop()
    } else if (state.get(node) === 'open') {
      stack.pop()
      state.set(node, 'done')
      order.push(node)
    } else {
      state.set(node, 'open')
      for (const input of node.inputs) if (!state.has(input)) stack.push(input)
    }
  }
  return order
}
