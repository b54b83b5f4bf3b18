import { throwIfCancelled } from '../errors.ts'
import type { BatchOptions, ImageBatch, ImageSource } from './image-source.ts'
import { DEFAULT_BATCH_SIZE } from './item-source.ts'

/** A part of a joined source; its images' ids get `id` and a slash in front. */
export type SourcePart = { readonly id: string; readonly source: ImageSource }

/** Several sources read one after the other as one, e.g. the shards of a data set. */
export function joinSources(location: string, parts: readonly SourcePart[]): ImageSource {
  const counts = parts.map(({ source }) => source.count)
  const known = counts.filter((count) => count !== undefined)
  const count =
    known.length === parts.length ? { count: known.reduce((sum, one) => sum + one, 0) } : {}
  return { kind: 'shards', location, ...count, batches: (options) => readParts(parts, options) }
}

async function* readParts(
  parts: readonly SourcePart[],
  options: BatchOptions,
): AsyncGenerator<ImageBatch> {
  let shape = options.shape
  // Images and batches of the parts before.
  const before = { images: 0, batches: 0 }
  for (const { id, source } of parts) {
    throwIfCancelled(options.signal)
    const { images, batches } = before
    let [read, skipped] = [0, 0]
    let counted: number | undefined
    const onSkip: BatchOptions['onSkip'] = ({ place, ...image }) => {
      skipped++
      const placed = place === undefined ? undefined : images + place
      options.onSkip?.({ ...image, place: placed, id: `${id}/${image.id}` })
    }
    for await (const batch of source.batches({
      ...options,
      shape,
      onSkip,
      onNote: (note) => options.onNote?.(`${id}: ${note}`),
      isChosen: options.isChosen && ((number) => options.isChosen?.(batches + number) ?? true),
      onCounted: (count) => (counted = count),
    })) {
      const [, channels = 0, height = 0, width = 0] = batch.pixels.shape
      // As in one source, the first image decides where no shape was asked for.
      shape ??= { channels, height, width }
      const places = batch.places ?? batch.records.map((_, i) => read + i)
      read += batch.records.length
      yield {
        ...batch,
        records: batch.records.map((record) =>
          Object.assign({}, record, { id: `${id}/${record.id}` }),
        ),
        places: places.map((place) => images + place),
        number: batch.number === undefined ? undefined : batches + batch.number,
      }
    }
    const all = counted ?? read + skipped
    before.images += all
    before.batches += Math.ceil(all / (options.batchSize ?? DEFAULT_BATCH_SIZE))
  }
  options.onCounted?.(before.images)
}
