import { createRandom, elementCount, tensor, type Random, type Tensor } from '../../tensor/index.ts'
import { type Node, ops } from '../graph/index.ts'
import type { Initialiser, ParameterSpec } from './layer.ts'

/** Total number of values of all parameters. */
export function parameterCount(specs: readonly ParameterSpec[]): number {
  return specs.reduce((sum, { shape }) => sum + elementCount(shape), 0)
}

/** All parameters of a fresh model as one flat vector, in the order of `specs`. */
export function initialParameters(specs: readonly ParameterSpec[], seed: number): Float32Array {
  const random = createRandom(seed)
  const flat = new Float32Array(parameterCount(specs))
  let offset = 0
  for (const { shape, initial } of specs) {
    const size = elementCount(shape)
    const draw = drawer(initial, random)
    for (let i = 0; i < size; i++) flat[offset + i] = draw()
    offset += size
  }
  return flat
}

function drawer(initial: Initialiser, random: Random): () => number {
  switch (initial.kind) {
    case 'he-normal': {
      const deviation = Math.sqrt(2 / initial.fanIn)
      return () => random.normal() * deviation
    }
    case 'glorot-uniform': {
      const limit = Math.sqrt(6 / (initial.fanIn + initial.fanOut))
      return () => (2 * random.uniform() - 1) * limit
    }
    case 'fixed':
      return () => initial.value
  }
}

/** The parameters inside a flat vector node, each in its own shape. */
export function unpackParameters(flat: Node, specs: readonly ParameterSpec[]): Node[] {
  let offset = 0
  return specs.map(({ shape }) => {
    const end = offset + elementCount(shape)
    const part = ops.slice(flat, { axes: [0], starts: [offset], ends: [end] })
    offset = end
    return ops.reshape(part, shape)
  })
}

/** Fitted numbers as constants, for scoring graphs: runtimes prepare constant weights ahead. */
export function constantParameters(flat: Float32Array, specs: readonly ParameterSpec[]): Node[] {
  return splitParameters(flat, specs).map((value) => ops.constant(value))
}

/** The flat vector cut into one tensor per parameter, sharing memory. */
export function splitParameters(flat: Float32Array, specs: readonly ParameterSpec[]): Tensor[] {
  if (flat.length !== parameterCount(specs)) {
    throw new RangeError(`expected ${parameterCount(specs)} parameters, got ${flat.length}`)
  }
  let offset = 0
  return specs.map(({ shape }) => {
    const end = offset + elementCount(shape)
    const part = tensor(shape, flat.subarray(offset, end))
    offset = end
    return part
  })
}
