import type { Detector } from '../detector/index.ts'
import type { ImageRecord, ImageSource } from '../images/index.ts'
import { sliceRows, type Tensor } from '../tensor/index.ts'

/** An image as the detector sees it. */
export type Picture = {
  readonly record: ImageRecord
  /** 1×C×H×W in [0, 1], in the detector's working shape. */
  readonly pixels: Tensor
}

/**
 * Where a report's pictures come from: those of the images with these numbers in the source (as a verdict's exemplars
 * have them), as far as there are any.
 */
export type PixelsOf = (places: readonly number[]) => Promise<ReadonlyMap<number, Picture>>

/** Reads the images again from where they came, up to the last that is asked for. */
export function rereadPixels({ manifest }: Detector, source: ImageSource): PixelsOf {
  return async (places) => {
    const wanted = new Set(places)
    const found = new Map<number, Picture>()
    if (wanted.size === 0) return found
    const [channels, height, width] = manifest.shape
    const shape = { channels, height, width }
    const { resize, depth } = manifest
    let start = 0
    for await (const batch of source.batches({ shape, resize, depth })) {
      batch.records.forEach((record, i) => {
        const place = batch.places?.[i] ?? start + i
        if (wanted.has(place)) found.set(place, { record, pixels: copyRow(batch.pixels, i) })
      })
      start += batch.records.length
      if (found.size === wanted.size) break
    }
    return found
  }
}

/** Gives pictures that were kept; no source is read. */
export function keptPixels(pictures: ReadonlyMap<number, Picture>): PixelsOf {
  return async (places) =>
    new Map(
      places.flatMap((place) => {
        const picture = pictures.get(place)
        return picture === undefined ? [] : [[place, picture] as const]
      }),
    )
}

function copyRow(pixels: Tensor, row: number): Tensor {
  const { shape, data } = sliceRows(pixels, row, row + 1)
  return { shape, data: data.slice() }
}
