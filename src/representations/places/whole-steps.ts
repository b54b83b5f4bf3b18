import { alignBytes, loadKernels } from '../kernels/kernels.ts'

/** How numbers become whole steps: (value − mean) · perUnit, held within ±limit. */
export type StepScale = {
  readonly mean: Float32Array
  readonly perUnit: Float32Array
  readonly limit: number
}

const BEHIND = 64

/** Writes rows of numbers (each as long as the scale) as steps of a byte each. */
export function writeSteps(
  rows: Float32Array,
  { mean, perUnit, limit }: StepScale,
  target: Int8Array,
): void {
  const kernels = loadKernels()
  const width = mean.length
  const floats = alignBytes(4 * width) + BEHIND
  const start = kernels.reserve(4 * floats)
  const memory = kernels.memory.buffer
  const [means, scales, values, out] = [0, 1, 2, 3].map((area) => start + area * floats)
  new Float32Array(memory, means, width).set(mean)
  new Float32Array(memory, scales, width).set(perUnit)
  for (let at = 0; at < rows.length; at += width) {
    new Float32Array(memory, values, width).set(rows.subarray(at, at + width))
    kernels.toSteps(values, means, scales, width, limit, out)
    target.set(new Int8Array(memory, out, width), at)
  }
}
