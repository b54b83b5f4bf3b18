import { type Node, ops, rewrite } from '../graph/index.ts'

/** The same outputs with every op that has no ONNX form of its own written out as others. */
export function expandOutputs(outputs: Readonly<Record<string, Node>>): Record<string, Node> {
  return rewrite(outputs, (node) => node.op.expand?.(node, ops) ?? node)
}
