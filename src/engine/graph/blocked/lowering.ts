import type { Node } from '../node.ts'
import { reorderInput, reorderOutput } from './blocked-ops.ts'

/** A node's value in the orders it is needed in; each is made once. */
type Forms = { plain?: Node; blocked?: Node; channelsLast?: Node }

/** What lowering rules ask of the nodes that were lowered before. */
export type Lowering = {
  /** Channels per block. */
  readonly block: number
  readonly plain: (node: Node) => Node
  readonly blocked: (node: Node) => Node
  readonly channelsLast: (node: Node) => Node
  /** True when the node was computed in blocked order, so that asking for it costs nothing. */
  readonly isBlocked: (node: Node) => boolean
  /** A value worked out once per key node and name, e.g. reordered weights that several convolutions share. */
  readonly once: (key: Node, name: string, make: () => Node) => Node
}

/** A node in the order its rule computes it in. */
export type Lowered = { readonly plain: Node } | { readonly blocked: Node }

export type LoweringRecord = Lowering & { readonly set: (node: Node, lowered: Lowered) => void }

/** True for N×C×H×W whose channels fill whole blocks. */
export function fillsBlocks({ shape, dtype }: Node, block: number): boolean {
  return shape.length === 4 && shape[1] % block === 0 && dtype === 'float32'
}

/** An empty record of lowered nodes. */
export function createLowering(block: number): LoweringRecord {
  const forms = new Map<Node, Forms>()
  const shared = new Map<Node, Map<string, Node>>()
  const formsOf = (node: Node): Forms => {
    const found = forms.get(node)
    if (found === undefined)
      throw new TypeError(`expected ${node.op.name} to be lowered before its use`)
    return found
  }
  return {
    block,
    plain: (node) => {
      const form = formsOf(node)
      return (form.plain ??= reorderOutput(form.blocked!, false))
    },
    blocked: (node) => {
      const form = formsOf(node)
      return (form.blocked ??= reorderInput(form.plain!))
    },
    channelsLast: (node) => {
      const form = formsOf(node)
      return (form.channelsLast ??= reorderOutput(form.blocked!, true))
    },
    isBlocked: (node) => formsOf(node).blocked !== undefined,
    once: (key, name, make) => {
      const known = shared.get(key) ?? new Map<string, Node>()
      shared.set(key, known)
      const value = known.get(name) ?? make()
      known.set(name, value)
      return value
    },
    set: (node, lowered) => void forms.set(node, { ...lowered }),
  }
}
