import { DriftError } from '../errors.ts'
import { type GivenVectors, mapVectors } from '../images/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'

/** Images, and what is given of them; rows as in `pixels`. */
export type Part = { readonly pixels: Tensor; readonly given?: GivenVectors }

/** All that anything may be learned or chosen from: it can't hold the reference. */
export type LearningImages = {
  /** What the representations learn from. */
  readonly training: Part
  /** Decides which epoch is kept, and standardises the outlier score. */
  readonly validation: Part
  readonly reference?: never
}

/** Disjoint parts of the images. */
export type Splits = {
  readonly learning: LearningImages
  /** Held out from all of that: the baseline and every threshold come from it. */
  readonly reference: Part
}

/** Images in random order, those of a block behind each other. */
export type SplitInput = Required<Part> & { readonly blocks?: Uint32Array }

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

/** Cuts images into the three parts, no block in two; throws DriftError('data.insufficient') below 100. */
export function splitImages(images: SplitInput, location: string): Splits {
  const count = images.pixels.shape[0]
  requireImages(count, location)
  const sizes = splitSizes(count)
  const first = nextBlock(sizes.training, images.blocks)
  const middle = nextBlock(sizes.training + sizes.validation, images.blocks)
  requireBlocks(first < middle && middle < count, location)
  return {
    learning: { training: cut(images, 0, first), validation: cut(images, first, middle) },
    reference: cut(images, middle, count),
  }
}

function cut({ pixels, given }: SplitInput, start: number, end: number): Part {
  const rows = (all: Tensor): Tensor => sliceRows(all, start, end)
  return { pixels: rows(pixels), given: mapVectors(given, rows) }
}

function requireImages(count: number, location: string): void {
  if (count >= FEWEST_IMAGES) return
  throw new DriftError(
    'data.insufficient',
    `expected at least ${FEWEST_IMAGES} readable reference images, got ${count} in ${location}`,
    {
      hint: 'Use a few thousand images like those the classifier was trained on; 10,000 or more is best.',
    },
  )
}

function requireBlocks(isPossible: boolean, location: string): void {
  if (isPossible) return
  throw new DriftError(
    'data.insufficient',
    `expected many blocks of images to split, got few large ones in ${location}`,
    { hint: 'Block by something that changes more often, or bring images of more sessions.' },
  )
}

/** The row itself, or where the block it falls into ends. */
function nextBlock(row: number, blocks: Uint32Array | undefined): number {
  if (blocks === undefined) return row
  let end = row
  while (end < blocks.length && end > 0 && blocks[end] === blocks[end - 1]) end++
  return end
}
