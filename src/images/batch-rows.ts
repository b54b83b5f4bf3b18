import { concatenateRows, takeRows, type Tensor } from '../tensor/index.ts'
import type { ImageBatch } from './image-source.ts'
import { mapVectors } from './vectors/given-vectors.ts'

/** The listed images of a batch, copied, with all that is known of them but their places. */
export function takeFromBatch(
  { pixels, records, given, files }: ImageBatch,
  rows: ArrayLike<number>,
): ImageBatch {
  const take = (all: Tensor): Tensor => takeRows(all, rows)
  return {
    pixels: take(pixels),
    records: Array.from(rows, (row) => records[row]),
    ...(given && { given: mapVectors(given, take) }),
    ...(files && { files: take(files) }),
  }
}

/** Batches of one source as one, without the places of their images; at least one. */
export function joinBatches(parts: readonly ImageBatch[]): ImageBatch {
  const [{ given, files }] = parts
  const all = (of: (part: ImageBatch) => Tensor | undefined): Tensor =>
    concatenateRows(parts.flatMap((part) => of(part) ?? []))
  return {
    pixels: all(({ pixels }) => pixels),
    records: parts.flatMap(({ records }) => records),
    ...(given && { given: mapVectors(given, (_, name) => all((part) => part.given?.[name])) }),
    ...(files && { files: all((part) => part.files) }),
  }
}
