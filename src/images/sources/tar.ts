import { pipeline } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { extract, type Extract } from 'tar-stream'
import { DriftError } from '../../errors.ts'
import { entryTooLarge, safeEntryPath } from '../archive-entry.ts'
import { isHiddenPath, isImageName, sniffFormat } from '../encoded-format.ts'
import { brokenStream, streamStored } from '../arrays/byte-reader.ts'
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

type FoundEntry = { readonly entry: TarEntry; readonly id: string }

async function* readTar(
  probe: LocationProbe,
  rule: FolderRule | undefined,
): AsyncGenerator<ImageItem> {
  let linked: LinkedFiles | undefined
  for await (const { entry, id } of entriesOf(probe)) {
    if (isHiddenPath(id)) continue
    if (entry.header.type !== 'link') {
      const item = await readEntry({ entry, id }, probe.path, rule)
      if (item) yield item
      continue
    }
    if (!isImageName(id)) continue
    linked ??= await readLinked(probe)
    const encoded = linked.get(linkTarget(entry, probe.path))
    const record = { id, ...folderLabel(id, rule) }
    yield encoded === undefined
      ? { record, error: lostLink(id, entry.header.linkname ?? '') }
      : { record, encoded }
  }
}

/** Bytes of files that hard links point to: a link is a second name of a file that stands elsewhere in the archive. */
type LinkedFiles = ReadonlyMap<string, Uint8Array>

/** Linked files are held in memory all at once, up to this. */
const MOST_LINKED_BYTES = 512 * 1024 * 1024

/** Two further passes, made only for an archive with links. */
async function readLinked(probe: LocationProbe): Promise<LinkedFiles> {
  const targets = new Set<string>()
  for await (const { entry, id } of entriesOf(probe)) {
    if (entry.header.type === 'link' && isImageName(id)) targets.add(linkTarget(entry, probe.path))
  }
  const files = new Map<string, Uint8Array>()
  let held = 0
  for await (const { entry, id } of entriesOf(probe)) {
    const { type, size } = entry.header
    if (!targets.has(id) || type !== 'file' || held + size > MOST_LINKED_BYTES) continue
    held += size
    files.set(id, await readWhole(entry, probe.path))
  }
  return files
}

function lostLink(id: string, target: string): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected a file, got a link to ${JSON.stringify(target)}, which the archive does not hold or of which it holds too much: ${id}`,
  )
}

function linkTarget({ header }: TarEntry, path: string): string {
  return safeEntryPath(header.linkname ?? '', path)
}

async function* entriesOf({ path, bytes, gzipped }: LocationProbe): AsyncGenerator<FoundEntry> {
  const archive = extract()
  pipeline(streamStored(bytes, { gzipped }), archive, () => {})
  try {
    for await (const entry of archive) {
      // The library reads a header whose size is no number as one of an endless file, and would wait for its end.
      if (!Number.isSafeInteger(entry.header.size)) throw new Error('an entry without a size')
      yield { entry, id: safeEntryPath(entry.header.name, path) }
      entry.resume()
    }
  } catch (error) {
    throw brokenStream(error, path)
  }
}

/** Larger files without a picture's name are something else, and not worth the memory to look at. */
const LARGEST_UNNAMED_BYTES = 64 * 1024 * 1024

async function readEntry(
  { entry, id }: FoundEntry,
  path: string,
  rule: FolderRule | undefined,
): Promise<ImageItem | undefined> {
  const { type, size } = entry.header
  const isNamed = isImageName(id)
  const record = { id, ...folderLabel(id, rule) }
  if (type !== 'file' && type !== 'contiguous-file') {
    if (type === 'directory' || !isNamed) return undefined
    const message = `expected a file, got a ${type ?? 'special'} entry: ${id}`
    return { record, error: new DriftError('source.unreadable', message) }
  }
  const error = entryTooLarge(id, size)
  if (error) return isNamed ? { record, error } : undefined
  if (!isNamed && size > LARGEST_UNNAMED_BYTES) return undefined
  const encoded = await readWhole(entry, path)
  // Pictures are known by their first bytes too, whatever they are called.
  return isNamed || sniffFormat(encoded) !== undefined ? { record, encoded } : undefined
}

async function readWhole(entry: TarEntry, path: string): Promise<Buffer> {
  return buffer(entry).catch((error: unknown) => {
    throw brokenStream(error, path)
  })
}
