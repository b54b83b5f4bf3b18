import { DriftError } from '../../errors.ts'
import { mapSideInputs, type SideInputs } from '../../images/index.ts'
import { MOST_REFERENCE } from '../../judging/index.ts'
import { sliceRows, type Tensor } from '../../tensor/index.ts'

/** Images, and what is known of them beside the pixels; rows as in `pixels`. */
export type Part = { readonly pixels: Tensor; readonly sideInputs?: SideInputs }

/** All that anything may be learned or chosen from: it can't hold the reference. */
export type LearningImages = {
  /** What the representations learn from. */
  readonly training: Part
  /** Decides which epoch is kept, and standardises the outlier score. */
  readonly validation: Part
  readonly reference?: never
}

/** Images whose hashes are known. */
export type HashedPart = Required<Part> & { readonly hashes: Float64Array }

/** Disjoint parts of the images. */
export type Splits = {
  readonly learning: { readonly training: HashedPart; readonly validation: HashedPart }
  /** Held out from all of that: the baseline and every threshold come from it. */
  readonly reference: HashedPart
}

/** Images in random order, those of a block behind each other. */
export type SplitInput = HashedPart & { readonly blocks?: Uint32Array }

/** Fewer images than this leave no room for three parts. */
const FEWEST_IMAGES = 100
/** Of them so many must not be copies. */
const FEWEST_DIFFERENT = 20
/** Of a reference of its own: as many as a hundred images would leave. */
const FEWEST_REFERENCE = 30
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
  requireImages(images, location)
  const sizes = splitSizes(count)
  const first = nextBlock(sizes.training, images.blocks)
  const middle = nextBlock(sizes.training + sizes.validation, images.blocks)
  requireBlocks(first < middle && middle < count, location)
  return {
    learning: { training: cut(images, 0, first), validation: cut(images, first, middle) },
    reference: cut(images, middle, count),
  }
}

/** The same where the reference is of its own: all images are for learning, a seventh of them for validation. */
export function splitLearning(images: SplitInput, location: string): Splits['learning'] {
  const count = images.pixels.shape[0]
  requireImages(images, location)
  const validation = Math.min(MOST_VALIDATION, Math.round(count / 7))
  const first = nextBlock(count - validation, images.blocks)
  requireBlocks(first < count, location)
  return { training: cut(images, 0, first), validation: cut(images, first, count) }
}

/** Throws DriftError('data.insufficient') where a reference of its own is too small to compare anything with. */
export function requireReference(count: number, location: string): void {
  if (count >= FEWEST_REFERENCE) return
  throw new DriftError(
    'data.insufficient',
    `expected at least ${FEWEST_REFERENCE} readable images for the reference that are not learned from, got ${count} in ${location}`,
    { hint: 'Use a few thousand images the classifier has not seen; 10,000 are best.' },
  )
}

function cut({ pixels, sideInputs, hashes }: HashedPart, start: number, end: number): HashedPart {
  const rows = (all: Tensor): Tensor => sliceRows(all, start, end)
  return {
    pixels: rows(pixels),
    sideInputs: mapSideInputs(sideInputs, rows),
    hashes: hashes.subarray(start, end),
  }
}

function requireImages({ hashes }: HashedPart, location: string): void {
  requireDifferent(hashes, location)
  const count = hashes.length
  if (count >= FEWEST_IMAGES) return
  throw new DriftError(
    'data.insufficient',
    `expected at least ${FEWEST_IMAGES} readable reference images, got ${count} in ${location}`,
    {
      hint: 'Use a few thousand images like those the classifier was trained on; 10,000 or more is best.',
    },
  )
}

/** How images vary can't be learned from copies of a few. */
function requireDifferent(hashes: Float64Array, location: string): void {
  const different = new Set(hashes).size
  if (hashes.length < FEWEST_IMAGES || different >= FEWEST_DIFFERENT) return
  throw new DriftError(
    'data.insufficient',
    `expected at least ${FEWEST_DIFFERENT} different reference images, got ${different} among ${hashes.length} in ${location}`,
    { hint: 'All others are exact copies of these: look whether the right files were given.' },
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
