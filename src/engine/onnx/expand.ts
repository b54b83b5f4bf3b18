import { createNode, type Node, ops, topologicalOrder } from '../graph/index.ts'

/** The same outputs with every op that has no ONNX form of its own written out as others. */
export function expandOutputs(outputs: Readonly<Record<string, Node>>): Record<string, Node> {
  const written = new Map<Node, Node>()
  for (const node of topologicalOrder(Object.values(outputs))) {
    const inputs = node.inputs.map((input) => written.get(input)!)
    const same = inputs.every((input, i) => input === node.inputs[i])
    const value = same ? node : createNode(node.op, inputs, node.attributes)
    written.set(node, value.op.expand?.(value, ops) ?? value)
  }
  return Object.fromEntries(
    Object.entries(outputs).map(([name, node]) => [name, written.get(node)!]),
  )
}
