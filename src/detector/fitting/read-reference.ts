import {
  type ImageRecord,
  type ImageShape,
  type ImageSource,
  type PixelDepth,
  type ResizePolicy,
  type SideInputs,
  type SkippedImage,
  type SkippedImages,
  tallySkipped,
} from '../../images/index.ts'
import { createRandom, tensor, type Tensor } from '../../tensor/index.ts'
import { createHashList, hashImages, sideInputsOf } from '../../measuring/index.ts'
import { createRowStore } from './row-store.ts'
import { createSideInputStore } from './side-input-store.ts'

export type ReadReferenceOptions = {
  readonly shape: ImageShape
  readonly resize: ResizePolicy
  /** As for `BatchOptions`. */
  readonly depth?: PixelDepth | undefined
  readonly maxImages: number
  readonly strict: boolean
  readonly seed: number
  readonly signal?: AbortSignal | undefined
  /** Says which images are left out, by their hashes. */
  readonly isLeftOut?: ((hash: number) => boolean) | undefined
  /** Called for each image left out, as it is met. */
  readonly onSkip?: ((skipped: SkippedImage) => void) | undefined
  /** Called for each batch of images; what it throws ends the reading. */
  readonly onRead?: ((read: number, sideInputs: SideInputs) => void) | undefined
}

export type ReadImages = {
  readonly pixels: Tensor
  readonly sideInputs: SideInputs
  readonly records: readonly ImageRecord[]
  /** Hash of each image that was drawn. */
  readonly hashes: Float64Array
  /** Hashes of all images there were, ascending. */
  readonly allHashes: Float64Array
  /** Images there were, drawn or not; without those that `isLeftOut`. */
  readonly available: number
  readonly leftOut: number
  readonly skipped: SkippedImages
  /** What the source says of itself. */
  readonly notes: readonly string[]
}

/** Where a source doesn't say how many images it has. */
const GUESSED_COUNT = 1024

/** A uniform random sample of at most `maxImages` images, in random order (Vitter's algorithm R). */
export async function readReference(
  source: ImageSource,
  options: ReadReferenceOptions,
): Promise<ReadImages> {
  const { shape, maxImages, seed, signal, isLeftOut = () => false } = options
  const skipped = tallySkipped()
  const notes: string[] = []
  const random = createRandom(seed)
  const size = shape.channels * shape.height * shape.width
  const expected = Math.min(maxImages, source.count ?? GUESSED_COUNT)
  const store = createRowStore(size, expected)
  const sideInputStore = createSideInputStore(expected)
  const all = createHashList(source.count ?? GUESSED_COUNT)
  const reservoir: { readonly record: ImageRecord; readonly hash: number }[] = []
  let available = 0
  let leftOut = 0
  const batches = source.batches({
    shape,
    resize: options.resize,
    depth: options.depth,
    strict: options.strict,
    onSkip: (image) => {
      skipped.add(image)
      options.onSkip?.(image)
    },
    onNote: (note) => notes.push(note),
    signal,
  })
  for await (const batch of batches) {
    const { pixels, records } = batch
    const sideInputs = sideInputsOf(batch)
    const hashes = hashImages(pixels)
    all.add(hashes)
    records.forEach((record, i) => {
      if (isLeftOut(hashes[i])) {
        leftOut++
        return
      }
      const place = available < maxImages ? available : random.integer(available + 1)
      available++
      if (place >= maxImages) return
      store.put(place, pixels.data.subarray(i * size, (i + 1) * size))
      sideInputStore.put(place, sideInputs, i)
      reservoir[place] = { record, hash: hashes[i] }
    })
    options.onRead?.(available + leftOut, sideInputs)
  }
  const order = random.permutation(reservoir.length)
  return {
    pixels: tensor([order.length, shape.channels, shape.height, shape.width], store.take(order)),
    sideInputs: sideInputStore.take(order),
    records: Array.from(order, (row) => reservoir[row].record),
    hashes: Float64Array.from(order, (row) => reservoir[row].hash),
    allHashes: all.sorted(),
    available,
    leftOut,
    skipped: skipped.taken(),
    notes,
  }
}
