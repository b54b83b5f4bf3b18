import { elementCount, takeRows, type Random, type Tensor } from '../../tensor/index.ts'
import type { Corruption, CorruptionParameters } from './corruption.ts'

/** How much of a batch is corrupted, and how. */
export type MixOptions = {
  /** Share of the images that is affected, in [0, 1]; rounded up to whole images. */
  readonly share: number
  readonly random: Random
  readonly parameters?: CorruptionParameters
}

/** A batch of which some images are corrupted. */
export type MixedImages = {
  /** In the order they came in. */
  readonly pixels: Tensor
  /** Rows that were corrupted, ascending. */
  readonly affected: Uint32Array
}

/** Corrupts ⌈share · N⌉ images, drawn without replacement, and leaves the others and the order alone. */
export async function mixCorruption(
  pixels: Tensor,
  corruption: Corruption,
  { share, random, parameters = {} }: MixOptions,
): Promise<MixedImages> {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`expected a share in [0, 1], got ${share}`)
  const [count = 0, ...rest] = pixels.shape
  // 0.1 · 30 is a hair above 3 in floating point and must not become 4.
  const affectedCount = Math.min(count, Math.ceil(share * count - 1e-9))
  const affected = random.sample(count, affectedCount).toSorted()
  const corrupted = await corruption.apply(takeRows(pixels, affected), { random, ...parameters })
  const data = pixels.data.slice()
  const rowSize = elementCount(rest)
  for (const [i, row] of affected.entries()) {
    data.set(corrupted.data.subarray(i * rowSize, (i + 1) * rowSize), row * rowSize)
  }
  return { pixels: { shape: pixels.shape, data }, affected }
}
