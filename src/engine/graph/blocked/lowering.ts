import type { Node } from '../node.ts'
import { transpose } from '../ops/movement.ts'
import { reorderInput, reorderOutput } from './blocked-ops.ts'

/** A node in the order its rule computed it in. */
export type Lowered =
  | { readonly plain: Node }
  | { readonly blocked: Node }
  | { readonly channelsLast: Node }

/** A node's value in the orders it is needed in; each is made once. */
type Forms = { readonly isPlain: boolean; plain?: Node; blocked?: Node; channelsLast?: Node }

/** What rules ask of the nodes that were lowered before. */
export type Lowering = {
  /** Channels per block. */
  readonly block: number
  readonly plain: (node: Node) => Node
  readonly blocked: (node: Node) => Node
  readonly channelsLast: (node: Node) => Node
  /** True when blocked order costs no more than plain order: it is there already, or neither is. */
  readonly isBlocked: (node: Node) => boolean
  /** A convolution's weights in the order of blocks, made once for all convolutions that share them. */
  readonly orderedWeights: (weights: Node, make: () => Node) => Node
}

/** The same, while it is being filled in. */
export type LoweringRecord = Lowering & { readonly set: (node: Node, lowered: Lowered) => void }

/** True for N×C×H×W whose channels fill whole blocks. */
export function fillsBlocks({ shape, dtype }: Node, block: number): boolean {
  return shape.length === 4 && shape[1] % block === 0 && dtype === 'float32'
}

/** An empty record of lowered nodes. */
export function createLowering(block: number): LoweringRecord {
  const forms = new Map<Node, Forms>()
  const ordered = new Map<Node, Node>()
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
      return (form.plain ??=
        form.blocked === undefined
          ? transpose(form.channelsLast!, [0, 3, 1, 2])
          : reorderOutput(form.blocked, false))
    },
    blocked: (node) => {
      const form = formsOf(node)
      return (form.blocked ??= reorderInput(
        form.plain ?? form.channelsLast!,
        form.plain === undefined,
      ))
    },
    channelsLast: (node) => {
      const form = formsOf(node)
      return (form.channelsLast ??=
        form.blocked === undefined
          ? transpose(form.plain!, [0, 2, 3, 1])
          : reorderOutput(form.blocked, true))
    },
    isBlocked: (node) => {
      const form = formsOf(node)
      return form.blocked !== undefined || !form.isPlain
    },
    orderedWeights: (weights, make) => {
      const value = ordered.get(weights) ?? make()
      ordered.set(weights, value)
      return value
    },
    set: (node, lowered) => void forms.set(node, { isPlain: 'plain' in lowered, ...lowered }),
  }
}
