import { throwIfCancelled } from '../errors.ts'
import { glanceAt } from './codec/glance.ts'
import { depthOf } from './pixel-depth.ts'
import type { ImageItem } from './image-item.ts'
import type { BatchOptions, ImageSource, SampledImage } from './image-source.ts'
import { loadItems, type LoadedItem } from './prepare-item.ts'
import type { RawPixels } from './raw-pixels.ts'

/** Of images that come with their bytes only so many are looked through: the rest would be read for the sample alone. */
const MOST_CARRIED = 20_000

/** Encoded images held at once; of larger ones fewer are drawn. */
const MOST_HELD_BYTES = 256 * 1024 * 1024

export type SampleOptions = Pick<BatchOptions, 'signal'> & {
  readonly pixelLimit?: number | undefined
}

/**
 * At most `count` images from all over a source, each with its own size: every k-th, k doubling as more images come, so
 * that their number need not be known. Files are opened only when they are drawn.
 */
export async function* sampleItems(
  open: (isChosen: (place: number) => boolean) => AsyncIterable<ImageItem> | Iterable<ImageItem>,
  count: number,
  { signal, pixelLimit }: SampleOptions,
): AsyncGenerator<SampledImage> {
  let drawn: Drawn[] = []
  let every = 1
  let place = 0
  let carried = 0
  for await (const item of open((at) => at % every === 0)) {
    throwIfCancelled(signal)
    const isFull = drawn.length >= 2 * count || heldBytes(drawn) > MOST_HELD_BYTES
    if (place % every === 0 && isFull) {
      drawn = drawn.filter((_, i) => i % 2 === 0)
      every *= 2
    }
    // Rows of an array keep a whole piece of the file in memory, so they are looked at now.
    if (place % every === 0) drawn.push('pixels' in item ? describePixels(item.pixels) : item)
    place++
    const isCarried = !('file' in item || 'isPassedOver' in item)
    if (isCarried && ++carried === MOST_CARRIED) break
  }
  const stride = Math.max(1, drawn.length / count)
  for (let i = 0; i < Math.min(count, drawn.length); i++) {
    throwIfCancelled(signal)
    const one = drawn[Math.floor(i * stride)]
    if ('record' in one) yield* describeItem(one, pixelLimit)
    else yield one
  }
}

type Described = Exclude<SampledImage, { error: string }>

type Drawn = SampledImage | Exclude<ImageItem, { pixels: RawPixels }>

function heldBytes(drawn: readonly Drawn[]): number {
  return drawn.reduce((sum, one) => sum + ('encoded' in one ? one.encoded.byteLength : 0), 0)
}

function describePixels(pixels: RawPixels): Described {
  return { shape: pixels.shape, isGrey: isGrey(pixels), depth: depthOf(pixels) }
}

/** The picture of a file; all of them where it holds several. */
async function* describeItem(
  item: ImageItem,
  pixelLimit: number | undefined,
): AsyncGenerator<SampledImage> {
  for await (const loaded of loadItems([item])) yield await describeLoaded(loaded, pixelLimit)
}

async function describeLoaded(
  item: LoadedItem,
  pixelLimit: number | undefined,
): Promise<SampledImage> {
  if ('error' in item) return { error: item.error.message }
  if ('pixels' in item) return describePixels(item.pixels)
  try {
    const { page } = item
    const { size, pixels } = await glanceAt(item.encoded, item.record.id, { page, pixelLimit })
    const { channels } = pixels.shape
    const { height, width } = size
    return { ...describePixels(pixels), shape: { channels, height, width } }
  } catch (error) {
    return { error: (error as Error).message }
  }
}

/** True for one channel, and for three that are equal everywhere. */
function isGrey({ shape, layout, data }: RawPixels): boolean {
  const { channels, height, width } = shape
  if (channels !== 3) return channels === 1
  const area = height * width
  const [step, plane] = layout === 'CHW' ? [1, area] : [3, 1]
  for (let i = 0, at = 0; i < area; i++, at += step) {
    if (data[at] !== data[at + plane] || data[at] !== data[at + 2 * plane]) return false
  }
  return true
}

/** What a source without a sample of its own gives: its first images. */
export async function* firstImages(
  source: ImageSource,
  count: number,
  { signal }: Pick<BatchOptions, 'signal'>,
): AsyncGenerator<SampledImage> {
  const errors: string[] = []
  let seen = 0
  const batches = source.batches({
    signal,
    batchSize: 1,
    onSkip: ({ message }) => errors.push(message),
  })
  for await (const { pixels } of batches) {
    const [, channels = 0, height = 0, width = 0] = pixels.shape
    const shape = { channels, height, width }
    yield describePixels({ shape, layout: 'CHW', data: pixels.data })
    if (++seen === count) return
  }
  for (const error of errors) yield { error }
}
