import type { DataType, Node, Shape } from './node.ts'
import type { Builders } from './ops/index.ts'

/** Op-specific settings, fixed when the node is made. */
export type Attributes = Readonly<Record<string, unknown>>

/** An attribute as the ONNX file spells it. */
export type OnnxAttribute =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }

/** How a node is written: its ONNX op, attributes, and integer vectors appended to its inputs. */
export type Emission = {
  /** Defaults to the record's name. */
  readonly opType?: string
  /** Defaults to the standard operator set. */
  readonly domain?: 'com.microsoft' | 'com.microsoft.nchwc'
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>
  /** Appended after the node's inputs; `null` leaves an optional input out. */
  readonly trailingInputs?: readonly (readonly number[] | null)[]
}

export type GradientContext<A extends Attributes = Attributes> = {
  readonly node: Node
  readonly inputs: readonly Node[]
  readonly attributes: A
  /** Derivative of the loss by this node's value, same shape. */
  readonly grad: Node
  /** Builders of every op, to write the rule with. */
  readonly ops: Builders
}

/** The three rules of one op, named as the ONNX op it becomes. */
export type Op<A extends Attributes = Attributes> = {
  readonly name: string
  /** Shape and type of the result; throws RangeError on inputs it can't take. */
  infer(inputs: readonly Node[], attributes: A): { readonly shape: Shape; readonly dtype: DataType }
  /** One derivative per input, `null` where none flows; `null` for an op that has none at all. */
  readonly gradient: ((context: GradientContext<A>) => readonly (Node | null)[]) | null
  /** Absent for leaves, and where `expand` stands instead. */
  emit?(attributes: A, node: Node): Emission
  /** Written as these nodes: the same value, where runtimes are slow at the op of that name. */
  expand?(node: Node, ops: Builders): Node
}

/** The record of a differentiable op, type-checked against its attributes. */
export function defineOp<A extends Attributes>(op: Op<A>): Op {
  // A node only ever hands an op the attributes its own builder made.
  return op as unknown as Op
}

/** Attributes in the spelling of the ONNX file. */
export const int = (value: number): OnnxAttribute => ({ kind: 'int', value })
export const ints = (value: readonly number[]): OnnxAttribute => ({ kind: 'ints', value })
export const float = (value: number): OnnxAttribute => ({ kind: 'float', value })
export const text = (value: string): OnnxAttribute => ({ kind: 'string', value })
