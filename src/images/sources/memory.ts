import { sliceRows, type Tensor } from '../../tensor/index.ts'
import type { ImageItem } from '../image-item.ts'
import type { ModelOutputRow } from '../model-outputs/collect-model-outputs.ts'
import type { ImageRecord, ImageSource } from '../image-source.ts'
import { itemSource } from '../item-source.ts'

/** Images already in memory, N×C×H×W in [0, 1]; ids are row numbers unless records are given. */
export function arrayImages(pixels: Tensor, records?: readonly ImageRecord[]): ImageSource {
  const [count = 0, channels = 0, height = 0, width = 0] = pixels.shape
  if (pixels.shape.length !== 4) {
    throw new RangeError(`expected N×C×H×W pixels, got [${pixels.shape.join(', ')}]`)
  }
  if (records !== undefined && records.length !== count) {
    throw new RangeError(`expected ${count} records, one per image, got ${records.length}`)
  }
  const shape = { channels, height, width }
  function* items(): Generator<ImageItem> {
    for (let row = 0; row < count; row++) {
      const { data } = sliceRows(pixels, row, row + 1)
      const record = records?.[row] ?? { id: String(row) }
      yield { record, pixels: { shape, layout: 'CHW', data } }
    }
  }
  return itemSource({
    kind: 'array',
    location: 'memory',
    count,
    shape,
    idsMayRepeat: records !== undefined,
    items,
  })
}

/** A picture file in memory, and what is known of it. */
export type EncodedImage = {
  readonly record: ImageRecord
  readonly encoded: Uint8Array
  readonly modelOutputs?: ModelOutputRow | undefined
}

/** Picture files already in memory; each is one image, whatever is in it. */
export function encodedImages(
  images: readonly EncodedImage[],
  { pixelLimit }: { readonly pixelLimit?: number | undefined } = {},
): ImageSource {
  return itemSource({
    kind: 'files',
    location: 'memory',
    count: images.length,
    idsMayRepeat: true,
    pixelLimit,
    items: () =>
      images.map(({ modelOutputs, ...image }) => ({
        ...image,
        isSingle: true as const,
        ...(modelOutputs && { modelOutputs }),
      })),
  })
}
