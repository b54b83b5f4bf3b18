import type { DecodeOptions } from './codec/decode-at-once.ts'
import type { ImageItem } from './image-item.ts'
import { holdsSeveral, loadItem, prepareItem, type PreparedItem } from './prepare-item.ts'

/** In place of a file that holds several pictures, which are not read together with others: they may be thousands. */
export const SEVERAL = 'several'

/** Some items prepared, in order, and how many bytes the files had. */
export type PreparedGroup = {
  readonly prepared: readonly (PreparedItem | typeof SEVERAL)[]
  readonly read: number
}

/** Reads, decodes and checks items, one after the other. */
export async function prepareGroup(
  items: readonly ImageItem[],
  form: DecodeOptions,
): Promise<PreparedGroup> {
  const prepared: (PreparedItem | typeof SEVERAL)[] = []
  let read = 0
  for (const item of items) {
    const loaded = loadItem(item)
    if ('encoded' in loaded) read += loaded.encoded.byteLength
    if (holdsSeveral(loaded)) {
      prepared.push(SEVERAL)
      continue
    }
    const preparing = prepareItem(loaded, form)
    // Small pictures are ready, and waiting for each would cost.
    prepared.push(preparing instanceof Promise ? await preparing : preparing)
  }
  return { prepared, read }
}
