import { basename } from 'node:path'
import { isImageName, sniffFormat } from '../encoded-format.ts'
import { itemSource } from '../item-source.ts'
import type { SourceFormat } from '../source-format.ts'

/** A single picture. */
export const imageFileFormat: SourceFormat = {
  kind: 'image',
  title: 'single image file',
  accepts: [],
  recognises: ({ path, head, isFolder }) =>
    !isFolder && (sniffFormat(head) !== undefined || isImageName(path)),
  open: async ({ path }, { pixelLimit }) =>
    itemSource({
      kind: 'image',
      location: path,
      count: 1,
      idsMayRepeat: false,
      pixelLimit,
      items: () => [{ record: { id: basename(path) }, file: path }],
    }),
}
