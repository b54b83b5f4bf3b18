import { DriftError } from '../../errors.ts'
import type { ImageShape } from '../../images/index.ts'
import { MOST_REFERENCE } from '../../judging/index.ts'

/** What a fit will take, known before the images are read. */
export type MemoryPlan = {
  /** Images that will be held at most, those of a reference of its own included. */
  readonly images: number
  readonly shape: ImageShape
  /** Of everything together, at the peak. */
  readonly bytes: number
}

/** How many images are drawn at most, of each source. */
export type ImageLimits = { readonly maxImages: number; readonly maxReference: number }

const GIB = 2 ** 30
const USUAL_IMAGES = 30_000
/** Pixels that are held unasked; the same on every machine, so that the same images give the same detector. */
const USUAL_BYTES = 4 * GIB
const FEWEST_IMAGES = 100

/** Runtime, threads and features, whatever the images: measured with 28×28 pixels. */
const FIXED_BYTES = 0.6 * GIB
/** Batches, intermediate values and threads' copies, in images: measured with 224×224 pixels in colour. */
const WORKING_IMAGES = 3000
/** Changed copies of held-out images, and what they are made from. */
const TOLERATED_IMAGES = 4000

/** Bytes of one image's pixels, float32. */
function bytesOf({ channels, height, width }: ImageShape): number {
  return 4 * channels * height * width
}

/** As asked; by default 30,000 images and 10,000 of a reference of its own, fewer where the pixels would be over 4 GiB. */
export function imageLimits(shape: ImageShape, asked: number | undefined): ImageLimits {
  const usual = Math.max(FEWEST_IMAGES, Math.floor(USUAL_BYTES / bytesOf(shape)))
  const maxImages = asked ?? Math.min(USUAL_IMAGES, usual)
  // Whoever asks for many images has the memory for a reference, too.
  return { maxImages, maxReference: Math.min(MOST_REFERENCE, Math.max(usual, maxImages)) }
}

/** What so many images take. */
export function planMemory(
  shape: ImageShape,
  { images, tolerates }: { readonly images: number; readonly tolerates: boolean },
): MemoryPlan {
  const working = WORKING_IMAGES + (tolerates ? TOLERATED_IMAGES : 0)
  return {
    images,
    shape,
    bytes: FIXED_BYTES + bytesOf(shape) * (images + Math.min(working, 4 * images)),
  }
}

/** Throws DriftError('config.invalid') where a plan asks for more than there is, and says how to ask for less. */
export function requireMemory({ images, shape, bytes }: MemoryPlan, availableBytes: number): void {
  if (bytes <= availableBytes) return
  const perImage = bytesOf(shape)
  const rest = availableBytes - (bytes - images * perImage)
  const fitting = Math.floor(rest / perImage / 100) * 100
  const fewer =
    fitting >= FEWEST_IMAGES
      ? `Draw fewer images: --max-images ${fitting}, or the option maxImages; or`
      : 'Use'
  throw new DriftError(
    'config.invalid',
    `expected a fit that takes at most ${gigabytes(availableBytes)}, the memory there is; got ${describePlan({ images, shape, bytes })}`,
    { hint: `${fewer} a smaller working size: --size, or the option workingSide.` },
  )
}

/** `up to 7133 images of 3×224×224, which take about 6.8 GB`. */
export function describePlan({ images, shape, bytes }: MemoryPlan): string {
  const size = `${shape.channels}×${shape.height}×${shape.width}`
  return `up to ${images} images of ${size}, which take about ${gigabytes(bytes)}`
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
