import { DriftError } from '../../errors.ts'
import { entryTooLarge, isImageEntry, safeEntryPath } from '../archive-entry.ts'
import { folderLabel, readFolderRule, type FolderRule } from '../folder-label.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import type { SourceFormat } from '../source-format.ts'
import { readZip, type ZipEntry } from '../zip-file.ts'

/** A zip archive, read in the order of its directory; ids are the paths inside it. */
export const zipFormat: SourceFormat = {
  kind: 'zip',
  title: 'zip archive',
  accepts: ['labels'],
  recognises: ({ head, path }) =>
    Buffer.from(head.subarray(0, 2)).toString('latin1') === 'PK' || /\.zip$/i.test(path),
  open: async ({ path }, { labels, pixelLimit }) => {
    const rule = readFolderRule(labels)
    return itemSource({
      kind: 'zip',
      location: path,
      idsMayRepeat: true,
      pixelLimit,
      items: () => readImages(path, rule),
    })
  },
}

async function* readImages(path: string, rule: FolderRule | undefined): AsyncGenerator<ImageItem> {
  for await (const entry of readZip(path)) {
    const id = safeEntryPath(entry.name, path)
    if (isImageEntry(id)) yield await readEntry(entry, id, rule)
  }
}

async function readEntry(
  entry: ZipEntry,
  id: string,
  rule: FolderRule | undefined,
): Promise<ImageItem> {
  const record = { id, ...folderLabel(id, rule) }
  const tooLarge = entryTooLarge(id, entry.size)
  if (tooLarge) return { record, error: tooLarge }
  try {
    return { record, encoded: await entry.read() }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    const message = `expected an intact zip entry, got a damaged one: ${id} (${detail})`
    return { record, error: new DriftError('image.undecodable', message, { cause }) }
  }
}
