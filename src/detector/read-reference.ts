import type {
  GivenVectors,
  ImageRecord,
  ImageShape,
  ImageSource,
  ResizePolicy,
  SkippedImage,
} from '../images/index.ts'
import { createRandom, tensor, type Tensor } from '../tensor/index.ts'
import { createRowStore } from './row-store.ts'
import { createVectorStore } from './vector-store.ts'

export type ReadOptions = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  readonly maxImages: number
  readonly strict: boolean
  readonly seed: number
  readonly signal?: AbortSignal
  /** Called for each batch of images; what it throws ends the reading. */
  readonly onRead?: (read: number, given: GivenVectors) => void
}

export type ReadImages = {
  readonly pixels: Tensor
  readonly given: GivenVectors
  readonly records: readonly ImageRecord[]
  /** Images there were, drawn or not. */
  readonly available: number
  readonly skipped: readonly SkippedImage[]
  /** What the source says of itself. */
  readonly notes: readonly string[]
}

/** Where a source doesn't say how many images it has. */
const GUESSED_COUNT = 1024

/** A uniform random sample of at most `maxImages` images, in random order (Vitter's algorithm R). */
export async function readReference(
  source: ImageSource,
  options: ReadOptions,
): Promise<ReadImages> {
  const { shape, maxImages, seed, signal } = options
  const skipped: SkippedImage[] = []
  const notes: string[] = []
  const random = createRandom(seed)
  const size = shape.channels * shape.height * shape.width
  const store = createRowStore(size, Math.min(maxImages, source.count ?? GUESSED_COUNT))
  const vectors = createVectorStore(Math.min(maxImages, source.count ?? GUESSED_COUNT))
  const reservoir: ImageRecord[] = []
  let available = 0
  const batches = source.batches({
    shape,
    resize: options.resize,
    strict: options.strict,
    onSkip: (image) => skipped.push(image),
    onNote: (note) => notes.push(note),
    ...(signal === undefined ? {} : { signal }),
  })
  for await (const { pixels, records, given = {} } of batches) {
    records.forEach((record, i) => {
      const place = available < maxImages ? available : random.integer(available + 1)
      available++
      if (place >= maxImages) return
      store.put(place, pixels.data.subarray(i * size, (i + 1) * size))
      vectors.put(place, given, i)
      reservoir[place] = record
    })
    options.onRead?.(available, given)
  }
  const order = random.permutation(reservoir.length)
  return {
    pixels: tensor([order.length, shape.channels, shape.height, shape.width], store.take(order)),
    given: vectors.take(order),
    records: Array.from(order, (row) => reservoir[row]),
    available,
    skipped,
    notes,
  }
}
