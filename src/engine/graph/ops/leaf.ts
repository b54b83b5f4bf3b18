import { tensor, type Tensor } from '../../../tensor/index.ts'
import { type ConstantData, createNode, type DataType, type Node, type Shape } from '../node.ts'
import { defineOp } from '../op.ts'

type InputAttributes = { readonly name: string; readonly shape: Shape; readonly dtype: DataType }

/** A leaf fed at run time. */
export const Input = defineOp<InputAttributes>({
  name: 'Input',
  infer: (_, { shape, dtype }) => ({ shape, dtype }),
  gradient: () => [],
})

type ConstantAttributes = { readonly value: ConstantData }

/** A leaf stored in the model file. */
export const Constant = defineOp<ConstantAttributes>({
  name: 'Constant',
  infer: (_, { value }) => ({
    shape: value.shape,
    dtype: value.data instanceof Float32Array ? 'float32' : 'int64',
  }),
  gradient: () => [],
})

/** A value given at each run, by name. */
export function input(name: string, shape: Shape, dtype: DataType = 'float32'): Node {
  return createNode(Input, [], { name, shape, dtype })
}

/** Fixed numbers, stored in the model; a bare number is a scalar. */
export function constant(value: number | ConstantData): Node {
  const data = typeof value === 'number' ? tensor([], Float32Array.of(value)) : value
  return createNode(Constant, [], { value: data })
}

/** A constant one-axis vector. */
export function vector(values: readonly number[]): Node {
  const value: Tensor = tensor([values.length], Float32Array.from(values))
  return createNode(Constant, [], { value })
}

/** The name given to an input leaf, or undefined for other nodes. */
export function inputName(node: Node): string | undefined {
  return node.op === Input ? (node.attributes as InputAttributes).name : undefined
}

/** The numbers of a constant leaf, or undefined for other nodes. */
export function constantValue(node: Node): ConstantData | undefined {
  return node.op === Constant ? (node.attributes as ConstantAttributes).value : undefined
}
