import { type Dirent, readdirSync, realpathSync, type Stats, statSync } from 'node:fs'
import { join } from 'node:path'
import { DriftError } from '../../errors.ts'
import { isHiddenPath, isImageName, sniffFormat } from '../encoded-format.ts'
import { describeKind } from '../file-kind.ts'
import { folderLabel, readFolderRule, type FolderRule } from '../folder-label.ts'
import type { ImageItem } from '../image-item.ts'
import type { ImageSource } from '../image-source.ts'
import { itemSource } from '../item-source.ts'
import { joinSources } from '../join-sources.ts'
import { readHeadSync } from '../read-head.ts'
import type { LocationProbe, OpenOptions, SourceFormat } from '../source-format.ts'

/** Opens a part of a folder that holds images of its own; undefined for a file that doesn't. */
export type OpenShard = (path: string, options: OpenOptions) => Promise<ImageSource | undefined>

/**
 * Pictures below a folder, by name or by their first bytes, sorted by name at each level; hidden files and files of
 * other kinds are passed over. Without pictures, its archives and tables (shards) one after the other.
 */
export function folderFormat(openShard: OpenShard): SourceFormat {
  return {
    kind: 'folder',
    title: 'folder of images',
    accepts: ['labels', 'column', 'layout'],
    recognises: (probe) => probe.isFolder,
    open: (probe, options) => openFolder(probe, options, openShard),
  }
}

async function openFolder(
  { path }: LocationProbe,
  options: OpenOptions,
  openShard: OpenShard,
): Promise<ImageSource> {
  let count = 0
  const others: Found[] = []
  for (const found of walk({ path, id: '', above: [] })) {
    if (found.isImage) count++
    else others.push(found)
  }
  if (count === 0) return openShards(path, others, { options, openShard })
  requireNoneForShards(options, path)
  const rule = readFolderRule(options.labels)
  return itemSource({
    kind: 'folder',
    location: path,
    count,
    idsMayRepeat: false,
    pixelLimit: options.pixelLimit,
    order: options.order,
    items: () => readFolder(path, rule),
  })
}

/** Files that are pictures have no columns and no axes. */
export function requireNoneForShards({ column, layout }: OpenOptions, path: string): void {
  const given = column === undefined ? layout && 'layout' : 'column'
  if (given === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected only labels, pixelLimit for a source of kind folder, got ${given} for ${path}`,
  )
}

/** Archives and tables among files without pictures, one after the other. */
export async function openShards(
  path: string,
  files: readonly Pick<Found, 'id' | 'path'>[],
  { options, openShard }: { readonly options: OpenOptions; readonly openShard: OpenShard },
): Promise<ImageSource> {
  const parts: { id: string; source: ImageSource }[] = []
  for (const { id, path: file } of files) {
    const source = typeof file === 'string' ? await openShard(file, options) : undefined
    if (source !== undefined) parts.push({ id, source })
  }
  if (parts.length === 0) throw noImages(path)
  return joinSources(path, parts)
}

/** A path as text, or as its bytes where those are no UTF-8. */
type FilePath = string | Buffer

type Place = { readonly path: FilePath; readonly id: string; readonly above: readonly string[] }

type Found = {
  readonly path: FilePath
  readonly id: string
  readonly isImage: boolean
  /** What stands there in place of a file. */
  readonly instead?: string
}

function* readFolder(root: string, rule: FolderRule | undefined): Generator<ImageItem> {
  for (const { path, id, isImage, instead } of walk({ path: root, id: '', above: [] })) {
    if (!isImage) continue
    const record = { id, ...folderLabel(id, rule) }
    if (instead === undefined) yield { record, file: path }
    else yield { record, error: notAFile(id, instead) }
  }
}

function* walk({ path, id, above }: Place): Generator<Found> {
  const real = realpathSync(path)
  // A link back to a folder we are in would never end.
  if (above.includes(real)) return
  for (const { entry, name, path: inner } of list(path)) {
    const kind = entry.isSymbolicLink() ? linkTarget(inner) : entry
    const place = { path: inner, id: id + name }
    if (kind === 'loop') {
      if (isImageName(name)) yield { ...place, isImage: true, instead: 'a link to itself' }
    } else if (kind?.isDirectory() === true) {
      yield* walk({ path: inner, id: `${place.id}/`, above: [...above, real] })
    } else if (kind !== undefined && !kind.isFile()) {
      // Reading a pipe or a device could wait for ever.
      if (isImageName(name)) yield { ...place, isImage: true, instead: describeKind(kind) }
    } else {
      yield { ...place, isImage: isImageName(name) || holdsImage(inner) }
    }
  }
}

type Listed = { readonly entry: Dirent<Buffer>; readonly name: string; readonly path: FilePath }

function list(folder: FilePath): Listed[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true, encoding: 'buffer' })
    return entries
      .map((entry) => listed(entry, folder))
      .filter(({ name }) => !isHiddenPath(name))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    const message = `expected a readable folder, got ${reason} for ${folder.toString()}`
    throw new DriftError('source.unreadable', message, { cause: error })
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Names that are no UTF-8 are read as Latin-1, as most such names were written; their path stays what it is. */
function listed(entry: Dirent<Buffer>, folder: FilePath): Listed {
  const bytes = entry.name
  try {
    const name = utf8.decode(bytes)
    if (typeof folder === 'string') return { entry, name, path: join(folder, name) }
    return { entry, name, path: Buffer.concat([folder, Buffer.from('/'), bytes]) }
  } catch {
    const path = Buffer.concat([Buffer.from(folder), Buffer.from('/'), bytes])
    return { entry, name: bytes.toString('latin1'), path }
  }
}

function linkTarget(path: FilePath): Stats | 'loop' | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ELOOP') return 'loop'
    throw error
  }
}

function holdsImage(path: FilePath): boolean {
  return sniffFormat(readHeadSync(path, 16)) !== undefined
}

function notAFile(id: string, instead: string): DriftError {
  return new DriftError('source.unreadable', `expected a file, got ${instead}: ${id}`)
}

function noImages(path: string): DriftError {
  return new DriftError('source.empty', `expected image files, found none in ${path}`, {
    hint: 'PNG, JPEG, WebP, TIFF, GIF, AVIF and BMP files are looked for by name and by content, in subfolders too; and where there are none, archives and tables of images.',
  })
}
