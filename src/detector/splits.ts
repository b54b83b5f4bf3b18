import { DriftError } from '../errors.ts'
import { type GivenVectors, mapVectors } from '../images/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'

/** Disjoint parts of the reference images. */
export type Splits = {
  /** What the representations learn from. */
  readonly training: Tensor
  /** Decides which epoch is kept, and standardises the outlier score. */
  readonly validation: Tensor
  /** Held out from all of that: the baseline and every threshold come from it. */
  readonly reference: Tensor
}

/** What is given of the images of each part. */
export type SplitVectors = { readonly [part in keyof Splits]: GivenVectors }

/** Fewer images than this leave no room for three parts. */
const FEWEST_IMAGES = 100
const MOST_REFERENCE = 10_000
const MOST_VALIDATION = 2_000

/** How many of `count` images go where: about 60% training, 10% validation, 30% held-out reference. */
export function splitSizes(count: number): {
  training: number
  validation: number
  reference: number
} {
  const reference = Math.min(MOST_REFERENCE, Math.round(0.3 * count))
  const validation = Math.min(MOST_VALIDATION, Math.round(0.1 * count))
  return { training: count - reference - validation, validation, reference }
}

/**
 * Cuts images in random order into the three parts; throws DriftError('data.insufficient') below 100.
 * With `blocks` (contiguous) no block is cut in two.
 */
export function splitImages(pixels: Tensor, location: string, blocks?: Uint32Array): Splits {
  const count = pixels.shape[0]
  if (count < FEWEST_IMAGES) {
    throw new DriftError(
      'data.insufficient',
      `expected at least ${FEWEST_IMAGES} readable reference images, got ${count} in ${location}`,
      {
        hint: 'Use a few thousand images like those the classifier was trained on; 10,000 or more is best.',
      },
    )
  }
  const sizes = splitSizes(count)
  const first = nextBlock(sizes.training, blocks)
  const middle = nextBlock(sizes.training + sizes.validation, blocks)
  if (first === middle || middle === count) {
    throw new DriftError(
      'data.insufficient',
      `expected many blocks of images to split, got few large ones in ${location}`,
      {
        hint: 'Block by something that changes more often, or bring images of more sessions.',
      },
    )
  }
  return {
    training: sliceRows(pixels, 0, first),
    validation: sliceRows(pixels, first, middle),
    reference: sliceRows(pixels, middle, count),
  }
}

/** The given vectors cut as the images were. */
export function splitVectors(given: GivenVectors, splits: Splits): SplitVectors {
  const first = splits.training.shape[0]
  const middle = first + splits.validation.shape[0]
  const cut = (start: number, end: number) => mapVectors(given, (all) => sliceRows(all, start, end))
  return {
    training: cut(0, first),
    validation: cut(first, middle),
    reference: cut(middle, middle + splits.reference.shape[0]),
  }
}

/** The row itself, or where the block it falls into ends. */
function nextBlock(row: number, blocks: Uint32Array | undefined): number {
  if (blocks === undefined) return row
  let end = row
  while (end < blocks.length && end > 0 && blocks[end] === blocks[end - 1]) end++
  return end
}
