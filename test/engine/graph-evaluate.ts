import assert from 'node:assert/strict'
import { type Feed, type Node, openSession, writeModel } from '../../src/engine/index.ts'
import { type Random, tensor, type Tensor } from '../../src/tensor/index.ts'

/** Runs a graph once in ONNX Runtime. */
export async function evaluate(
  outputs: Readonly<Record<string, Node>>,
  feeds: Readonly<Record<string, Feed>> = {},
): Promise<Record<string, Tensor>> {
  const session = await openSession(writeModel({ name: 'test', outputs }), { threads: 1 })
  try {
    const known = Object.entries(feeds).filter(([name]) => session.inputNames.includes(name))
    return await session.run(Object.fromEntries(known))
  } finally {
    await session.close()
  }
}

/** Equal shapes, and values within `tolerance` of the largest one. */
export function assertClose(actual: Tensor, expected: Tensor, tolerance: number): void {
  assert.deepEqual(actual.shape, expected.shape)
  const scale = expected.data.reduce((largest, value) => Math.max(largest, Math.abs(value)), 1)
  actual.data.forEach((value, i) => {
    const wanted = expected.data[i]
    assert.ok(
      Math.abs(value - wanted) <= tolerance * scale,
      `value ${i}: expected ${wanted}, got ${value}`,
    )
  })
}

/** Uniform values in [low, high). */
export function drawTensor(
  random: Random,
  shape: readonly number[],
  [low, high] = [-2, 2],
): Tensor {
  const length = shape.reduce((product, axis) => product * axis, 1)
  return tensor(
    shape,
    Float32Array.from({ length }, () => low + (high - low) * random.uniform()),
  )
}
