import { concatenateRows, takeRows, type Tensor } from '../tensor/index.ts'
import type { ImageBatch } from './image-source.ts'
import { mapSideInputs, type SideInputs } from './model-outputs/model-outputs.ts'

/** The listed images of a batch, copied, with all that is known of them but their places. */
export function takeFromBatch(
  { pixels, records, modelOutputs, files }: ImageBatch,
  rows: ArrayLike<number>,
): ImageBatch {
  const take = (all: Tensor): Tensor => takeRows(all, rows)
  return {
    pixels: take(pixels),
    records: Array.from(rows, (row) => records[row]),
    modelOutputs: modelOutputs && mapSideInputs(modelOutputs, take),
    files: files && take(files),
  }
}

/** Batches of one source as one, without the places of their images; at least one. */
export function joinBatches(parts: readonly ImageBatch[]): ImageBatch {
  const [{ modelOutputs, files }] = parts
  const all = (of: (part: ImageBatch) => Tensor | undefined): Tensor =>
    concatenateRows(parts.flatMap((part) => of(part) ?? []))
  const outputsOf = (part: ImageBatch): SideInputs => part.modelOutputs ?? {}
  return {
    pixels: all(({ pixels }) => pixels),
    records: parts.flatMap(({ records }) => records),
    modelOutputs:
      modelOutputs &&
      mapSideInputs(modelOutputs, (_, name) => all((part) => outputsOf(part)[name])),
    files: files && all((part) => part.files),
  }
}
