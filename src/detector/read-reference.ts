import type {
  ImageRecord,
  ImageShape,
  ImageSource,
  ResizePolicy,
  SkippedImage,
} from '../images/index.ts'
import { createRandom, tensor, type Tensor } from '../tensor/index.ts'

export type ReadOptions = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  readonly maxImages: number
  readonly strict: boolean
  readonly seed: number
  readonly signal?: AbortSignal
  readonly onRead?: (read: number) => void
}

export type ReadImages = {
  readonly pixels: Tensor
  readonly records: readonly ImageRecord[]
  /** Images there were, drawn or not. */
  readonly available: number
  readonly skipped: readonly SkippedImage[]
}

/** A uniform random sample of at most `maxImages` images, in random order (Vitter's algorithm R). */
export async function readReference(
  source: ImageSource,
  options: ReadOptions,
): Promise<ReadImages> {
  const { shape, maxImages, seed, signal } = options
  const skipped: SkippedImage[] = []
  const random = createRandom(seed)
  const size = shape.channels * shape.height * shape.width
  const reservoir: { readonly record: ImageRecord; readonly pixels: Float32Array }[] = []
  let available = 0
  const batches = source.batches({
    shape,
    resize: options.resize,
    strict: options.strict,
    onSkip: (image) => skipped.push(image),
    ...(signal === undefined ? {} : { signal }),
  })
  for await (const { pixels, records } of batches) {
    records.forEach((record, i) => {
      const place = available < maxImages ? available : random.integer(available + 1)
      available++
      if (place >= maxImages) return
      reservoir[place] = { record, pixels: pixels.data.slice(i * size, (i + 1) * size) }
    })
    options.onRead?.(available)
  }
  const order = random.permutation(reservoir.length)
  const data = new Float32Array(order.length * size)
  order.forEach((from, to) => data.set(reservoir[from].pixels, to * size))
  return {
    pixels: tensor([order.length, shape.channels, shape.height, shape.width], data),
    records: Array.from(order, (row) => reservoir[row].record),
    available,
    skipped,
  }
}
