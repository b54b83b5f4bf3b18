import { createNode, type Node, topologicalOrder } from './node.ts'
import { constantValue, inputName } from './ops/leaf.ts'

/** Constants beyond this size are told apart by identity only. */
const SMALL = 16

/** The same outputs with equal computations done once: same op, settings and inputs make the same node. */
export function shareEqual(outputs: readonly Node[]): Node[] {
  const canonical = new Map<Node, Node>()
  const byKey = new Map<string, Node>()
  const numbers = new Map<object, number>()
  const numberOf = (value: object): number => {
    const number = numbers.get(value) ?? numbers.size
    numbers.set(value, number)
    return number
  }
  for (const node of topologicalOrder(outputs)) {
    const inputs = node.inputs.map((input) => canonical.get(input)!)
    const key = `${numberOf(node.op)}|${settingsOf(node, numberOf)}|${inputs.map(numberOf).join()}`
    const known = byKey.get(key)
    const changed = inputs.some((input, i) => input !== node.inputs[i])
    const value = known ?? (changed ? createNode(node.op, inputs, node.attributes) : node)
    byKey.set(key, value)
    canonical.set(node, value)
  }
  return outputs.map((node) => canonical.get(node)!)
}

function settingsOf(node: Node, numberOf: (value: object) => number): string {
  const value = constantValue(node)
  if (value === undefined)
    return inputName(node) === undefined ? JSON.stringify(node.attributes) : `${numberOf(node)}`
  return value.data.length > SMALL
    ? `${numberOf(value.data)}`
    : `${value.shape.join()}:${value.data.join()}:${node.dtype}`
}
