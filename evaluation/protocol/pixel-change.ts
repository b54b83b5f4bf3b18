import type { CorruptionOf, CorruptionParameters } from '../../src/images/index.ts'
import type { Random, Tensor } from '../../src/tensor/index.ts'

/** A change of images N×C×H×W in [0, 1]. */
export type PixelChange = (pixels: Tensor, random: Random) => Tensor | Promise<Tensor>

/** What a corruption does; strengths left out are its defaults. */
export function corruptBy<P extends CorruptionParameters>(
  corruption: Pick<CorruptionOf<P>, 'apply'>,
  parameters: Partial<P> = {},
): PixelChange {
  return (pixels, random) => corruption.apply(pixels, { random, ...parameters })
}
