import { takeRows, type Random, type Tensor } from '../../tensor/index.ts'
import type { Corruption, CorruptionParameters } from './corruption.ts'

/** How much of a batch is corrupted, and how. */
export type MixOptions<P extends CorruptionParameters> = {
  /** Share of the images that is affected, in [0, 1]; rounded up to whole images. */
  readonly share: number
  readonly random: Random
  readonly parameters?: Partial<P>
}

/** A batch of which some images are corrupted. */
export type MixedImages = {
  /** The affected images first, then the untouched, each part in random order. */
  readonly pixels: Tensor
  /** Where row i of `pixels` stood before. */
  readonly rows: Uint32Array
  /** Rows of `pixels` below this are affected. */
  readonly affectedCount: number
}

/** Corrupts ⌈share · N⌉ images drawn without replacement; affected rows come first, so shuffle before slicing. */
export async function mixCorruption<P extends CorruptionParameters>(
  pixels: Tensor,
  corruption: Corruption<P>,
  { share, random, parameters = {} }: MixOptions<P>,
): Promise<MixedImages> {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`expected a share in [0, 1], got ${share}`)
  const count = pixels.shape[0] ?? 0
  // 0.1 · 30 is a hair above 3 in floating point and must not become 4.
  const affectedCount = Math.min(count, Math.ceil(share * count - 1e-9))
  const rows = random.permutation(count)
  const mixed = takeRows(pixels, rows)
  const affected = takeRows(pixels, rows.subarray(0, affectedCount))
  const options = { random, ...parameters } as { readonly random: Random } & Partial<P>
  const { data } = await corruption.apply(affected, options)
  mixed.data.set(data)
  return { pixels: mixed, rows, affectedCount }
}
