import { throwIfCancelled } from '../errors.ts'
import type { BatchOptions, ImageBatch, ImageSource } from './image-source.ts'

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
  let start = 0
  for (const { id, source } of parts) {
    throwIfCancelled(options.signal)
    let skipped = 0
    let read = 0
    const onSkip: BatchOptions['onSkip'] = (image) => {
      skipped++
      options.onSkip?.({ ...image, id: `${id}/${image.id}` })
    }
    const onNote = (note: string): void => options.onNote?.(`${id}: ${note}`)
    const shared = { ...options, ...(shape && { shape }), onSkip, onNote }
    for await (const batch of source.batches(shared)) {
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
        places: places.map((place) => start + place),
      }
    }
    start += read + skipped
  }
}
