import { pipeline } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, type Extract } from 'tar-stream'
import { DriftError } from '../../errors.ts'
import { entryTooLarge, isImageEntry, safeEntryPath } from '../archive-entry.ts'
import { brokenStream, streamFile } from '../arrays/byte-reader.ts'
import { folderLabel, readFolderRule, type FolderRule } from '../folder-label.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import type { LocationProbe, SourceFormat } from '../source-format.ts'

/** A tar archive, plain or gzip, read in its own order; ids are the paths inside it. */
export const tarFormat: SourceFormat = {
  kind: 'tar',
  title: 'tar archive, plain or .gz',
  accepts: ['labels'],
  recognises: ({ head, path }) =>
    Buffer.from(head.subarray(257, 262)).toString('latin1') === 'ustar' ||
    /\.(?:tar|tgz|tar\.gz)$/i.test(path),
  open: async (probe, { labels, pixelLimit }) => {
    const rule = readFolderRule(labels)
    return itemSource({
      kind: 'tar',
      location: probe.path,
      idsMayRepeat: true,
      pixelLimit,
      items: () => readTar(probe, rule),
    })
  },
}

type TarEntry = Extract extends AsyncIterable<infer Entry> ? Entry : never

async function* readTar(
  { path, gzipped }: LocationProbe,
  rule: FolderRule | undefined,
): AsyncGenerator<ImageItem> {
  const archive = extract()
  pipeline(streamFile(path, { gzipped }), archive, () => {})
  try {
    for await (const entry of archive) {
      const id = safeEntryPath(entry.header.name, path)
      const item = isImageEntry(id) ? await readEntry(entry, id, rule) : undefined
      if (item) yield item
      entry.resume()
    }
  } catch (error) {
    throw brokenStream(error, path)
  }
}

async function readEntry(
  entry: TarEntry,
  id: string,
  rule: FolderRule | undefined,
): Promise<ImageItem | undefined> {
  const { type, size } = entry.header
  if (type === 'directory') return undefined
  const record = { id, ...folderLabel(id, rule) }
  if (type !== 'file' && type !== 'contiguous-file') {
    const message = `expected a file, got a ${type ?? 'special'} entry: ${id}`
    return { record, error: new DriftError('source.unreadable', message) }
  }
  const error = entryTooLarge(id, size)
  return error ? { record, error } : { record, encoded: await buffer(entry) }
}
