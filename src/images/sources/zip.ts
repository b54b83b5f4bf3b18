import { DriftError } from '../../errors.ts'
import type { StoredBytes } from '../../storage/index.ts'
import { entryTooLarge, safeEntryPath } from '../archive-entry.ts'
import { isHiddenPath, isImageName, sniffFormat } from '../encoded-format.ts'
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
  open: async ({ path, bytes }, { labels, pixelLimit }) => {
    const rule = readFolderRule(labels)
    const count = await countImages(bytes)
    return itemSource({
      kind: 'zip',
      location: path,
      count,
      idsMayRepeat: true,
      pixelLimit,
      items: () => readImages(bytes, rule),
    })
  },
}

/** Entries that will be read or named, where names alone tell; throws `source.unreadable` where none can be unpacked. */
async function countImages(bytes: StoredBytes): Promise<number | undefined> {
  const entries = []
  for await (const { name, unread } of readZip(bytes, { listOnly: true })) {
    if (!isHiddenPath(name)) entries.push({ isNamed: isImageName(name), unread })
  }
  const reason = entries[0]?.unread
  if (reason === undefined || entries.some(({ unread }) => unread === undefined)) {
    return entries.every(({ isNamed }) => isNamed) ? entries.length : undefined
  }
  throw new DriftError(
    'source.unreadable',
    `expected a zip archive that can be unpacked, got ${entries.length} files of which the first ${reason}: ${bytes.location}`,
    { hint: 'Pack it anew, with Deflate and without a password, or as tar.' },
  )
}

async function* readImages(
  bytes: StoredBytes,
  rule: FolderRule | undefined,
): AsyncGenerator<ImageItem> {
  for await (const entry of readZip(bytes)) {
    const id = safeEntryPath(entry.name, bytes.location)
    if (!isHiddenPath(id) && (isImageName(id) || (await holdsImage(entry)))) {
      yield await readEntry(entry, id, rule)
    }
  }
}

/** True when an entry's first bytes are a picture's, whatever it is called. */
async function holdsImage(entry: ZipEntry): Promise<boolean> {
  if (entry.unread !== undefined) return false
  // A damaged entry that isn't called a picture is none.
  return sniffFormat(await entry.head(16).catch(() => new Uint8Array())) !== undefined
}

async function readEntry(
  entry: ZipEntry,
  id: string,
  rule: FolderRule | undefined,
): Promise<ImageItem> {
  const record = { id, ...folderLabel(id, rule) }
  const tooLarge = entryTooLarge(id, entry.size)
  if (tooLarge) return { record, error: tooLarge }
  if (entry.unread !== undefined) {
    const message = `expected a zip entry that can be unpacked, got one that ${entry.unread}: ${id}`
    return { record, error: new DriftError('image.undecodable', message) }
  }
  try {
    return { record, encoded: await entry.read() }
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    const message = `expected an intact zip entry, got a damaged one: ${id} (${detail})`
    return { record, error: new DriftError('image.undecodable', message, { cause }) }
  }
}
