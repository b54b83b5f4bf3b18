import { gradients, type Node, ops } from '../../src/engine/index.ts'
import { elementCount, tensor, type Tensor } from '../../src/tensor/index.ts'
import { assertClose, evaluate } from './graph-evaluate.ts'

export type Stored = { readonly shape: readonly number[]; readonly data: readonly number[] }

/** A function's inputs and result, and the derivative of Σ result·cotangent by each input, from PyTorch. */
export type GoldenCase = {
  readonly inputs: readonly Stored[]
  readonly result: Stored
  readonly cotangent: Stored
  /** null where none flows. */
  readonly derivatives: readonly (Stored | null)[]
}

/** A function of nodes. */
export type Build = (...inputs: readonly Node[]) => Node

export const asTensor = ({ shape, data }: Stored): Tensor => tensor(shape, Float32Array.from(data))

/** The function on inputs of the shapes of the case. */
export function buildCase(
  build: Build,
  { inputs: stored }: GoldenCase,
): { readonly inputs: readonly Node[]; readonly result: Node } {
  const inputs = stored.map(({ shape }, i) => ops.input(`input-${i}`, shape))
  return { inputs, result: build(...inputs) }
}

/** Compares result and derivatives, run by ONNX Runtime, with the stored ones. */
export async function assertGolden(build: Build, golden: GoldenCase): Promise<void> {
  const { inputs, result } = buildCase(build, golden)
  const known = inputs.filter((_, i) => golden.derivatives[i] !== null)
  const parts = known.length === 0 ? [] : gradients(contract(result, golden.cotangent), known)
  const outputs = {
    result,
    ...Object.fromEntries(parts.map((part, i) => [`derivative-${i}`, part])),
  }
  const feeds = golden.inputs.map((value, i) => [`input-${i}`, asTensor(value)] as const)
  const got = await evaluate(outputs, Object.fromEntries(feeds))
  assertClose(got['result'], asTensor(golden.result), 2e-6)
  const wanted = golden.derivatives.filter((value) => value !== null)
  wanted.forEach((value, i) => assertClose(got[`derivative-${i}`], asTensor(value), 3e-6))
}

/** Σ result·cotangent: its derivatives are the ones PyTorch's backward gives. */
function contract(result: Node, cotangent: Stored): Node {
  const size = [elementCount(result.shape)]
  return ops.reduceSum(
    ops.mul(ops.reshape(result, size), ops.constant(tensor(size, asTensor(cotangent).data))),
  )
}
