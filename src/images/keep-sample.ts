import type { Random } from '../tensor/index.ts'
import { joinBatches, takeFromBatch } from './batch-rows.ts'
import type { ImageBatch, ImageSource } from './image-source.ts'

/** A source that remembers some of its images. */
export type SampledSource = {
  readonly source: ImageSource
  /** What was kept of the images read so far, in no particular order; undefined of none. */
  readonly kept: () => ImageBatch | undefined
}

/** The same images, of which `count` are kept as they go by, each as likely as another (Vitter 1985, algorithm R). */
export function keepSample(
  source: ImageSource,
  { count, random }: { readonly count: number; readonly random: Random },
): SampledSource {
  const slots: ImageBatch[] = []
  let seen = 0
  const keep = (batch: ImageBatch): void => {
    for (let row = 0; row < batch.records.length; row++) {
      const slot = seen++ < count ? slots.length : random.integer(seen)
      if (slot < count) slots[slot] = takeFromBatch(batch, [row])
    }
  }
  return {
    source: {
      ...source,
      batches: async function* batches(options): AsyncGenerator<ImageBatch> {
        for await (const batch of source.batches(options)) {
          keep(batch)
          yield batch
        }
      },
    },
    kept: () => {
      if (slots.length === 0) return undefined
      return takeFromBatch(joinBatches(slots), random.permutation(slots.length))
    },
  }
}
