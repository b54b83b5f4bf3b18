import { DriftError } from '../errors.ts'
import type {
  BatchOptions,
  ImageBatch,
  ImageShape,
  ImageSource,
  SkippedImage,
} from './image-source.ts'

/** Images looked at to decide between grey and colour. */
const SAMPLE = 64

/**
 * The shape to work in: height and width of the first readable image; one channel when the first 64 images
 * are grey (stored so, or with R = G = B everywhere), otherwise the first image's channels.
 */
export async function probeShape(
  source: ImageSource,
  { signal }: Pick<BatchOptions, 'signal'> = {},
): Promise<ImageShape> {
  const shared = signal === undefined ? {} : { signal }
  const skipped: string[] = []
  const onSkip = ({ message }: SkippedImage) => skipped.push(message)
  const first = await firstBatch(source, { ...shared, batchSize: 1, onSkip })
  if (first === undefined) {
    throw new DriftError(
      'source.empty',
      `expected readable images, found none in ${source.location}`,
      { hint: `${skipped.length} could not be read; the first: ${skipped[0]}` },
    )
  }
  const [, channels = 0, height = 0, width = 0] = first.pixels.shape
  if (channels !== 1 && channels !== 3) return { channels, height, width }
  const colour = { channels: 3, height, width }
  // Grey stays grey when it is made smaller, and large photographs need not all fit in memory.
  const small = { channels: 3, height: Math.min(height, 64), width: Math.min(width, 64) }
  const sample = await firstBatch(source, { ...shared, batchSize: SAMPLE, shape: small })
  return sample && isGrey(sample) ? { ...colour, channels: 1 } : colour
}

async function firstBatch(
  source: ImageSource,
  options: BatchOptions,
): Promise<ImageBatch | undefined> {
  for await (const batch of source.batches(options)) return batch
  return undefined
}

function isGrey({ pixels, records }: ImageBatch): boolean {
  const [, , height = 0, width = 0] = pixels.shape
  const area = height * width
  const { data } = pixels
  for (let image = 0; image < records.length; image++) {
    const start = image * 3 * area
    for (let i = start; i < start + area; i++) {
      if (data[i] !== data[i + area] || data[i] !== data[i + 2 * area]) return false
    }
  }
  return true
}
