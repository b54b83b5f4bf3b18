import type { Random } from '../tensor/index.ts'
import { joinBatches, takeFromBatch } from './batch-rows.ts'
import type { ImageBatch, ImageSource } from './image-source.ts'

/** A source that remembers some of its images. */
export type SampledSource = {
  readonly source: ImageSource
  /** At most `most` of what was kept of the images read so far, at random; undefined of none. */
  readonly kept: (most: number) => ImageBatch | undefined
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
    kept: (most) => {
      const chosen = random.permutation(slots.length).subarray(0, most)
      return chosen.length === 0 ? undefined : joinBatches(Array.from(chosen, (i) => slots[i]))
    },
  }
}
