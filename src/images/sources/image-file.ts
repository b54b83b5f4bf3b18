import { basename } from 'node:path'
import type { StoredBytes } from '../../storage/index.ts'
import { isImageName, sniffFormat } from '../encoded-format.ts'
import { entryTooLarge } from '../archive-entry.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import type { SourceFormat } from '../source-format.ts'

/** A single picture. */
export const imageFileFormat: SourceFormat = {
  kind: 'image',
  title: 'single image file',
  accepts: [],
  recognises: ({ path, head, isFolder }) =>
    !isFolder && (sniffFormat(head) !== undefined || isImageName(path)),
  open: async ({ path, bytes }, { pixelLimit }) =>
    itemSource({
      kind: 'image',
      location: path,
      count: 1,
      idsMayRepeat: false,
      pixelLimit,
      items: () => readOne(bytes, basename(path)),
    }),
}

async function* readOne(bytes: StoredBytes, id: string): AsyncGenerator<ImageItem> {
  const { file, size } = bytes
  const error = entryTooLarge(id, size)
  if (file !== undefined) yield { record: { id }, file }
  else if (error !== undefined) yield { record: { id }, error }
  else yield { record: { id }, encoded: await bytes.read({ start: 0, end: size }) }
}
