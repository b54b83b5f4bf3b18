import { readdirSync, realpathSync, statSync, type Dirent } from 'node:fs'
import { join } from 'node:path'
import { DriftError } from '../../errors.ts'
import { isHiddenPath, isImageName } from '../encoded-format.ts'
import { folderLabel, readFolderRule, type FolderRule } from '../folder-label.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import type { SourceFormat } from '../source-format.ts'

/** Image files below a folder, sorted by name at each level; hidden files and other files are passed over. */
export const folderFormat: SourceFormat = {
  kind: 'folder',
  title: 'folder of images',
  accepts: ['labels'],
  recognises: (probe) => probe.isFolder,
  open: async ({ path }, { labels, pixelLimit }) => {
    const rule = readFolderRule(labels)
    let count = 0
    for (const _ of walk({ path, id: '', above: [] })) count++
    if (count === 0) throw noImages(path)
    return itemSource({
      kind: 'folder',
      location: path,
      count,
      idsMayRepeat: false,
      pixelLimit,
      items: () => readFolder(path, rule),
    })
  },
}

type Place = { readonly path: string; readonly id: string; readonly above: readonly string[] }

function* readFolder(root: string, rule: FolderRule | undefined): Generator<ImageItem> {
  for (const { path, id } of walk({ path: root, id: '', above: [] })) {
    yield { record: { id, ...folderLabel(id, rule) }, file: path }
  }
}

function* walk({ path, id, above }: Place): Generator<{ path: string; id: string }> {
  const real = realpathSync(path)
  // A link back to a folder we are in would never end.
  if (above.includes(real)) return
  for (const entry of list(path)) {
    const inner = { path: join(path, entry.name), id: id + entry.name }
    const type = entry.isSymbolicLink() ? linkTarget(inner.path) : entry
    if (type?.isDirectory() === true) {
      yield* walk({ path: inner.path, id: `${inner.id}/`, above: [...above, real] })
    } else if (isImageName(entry.name)) {
      yield inner
    }
  }
}

function list(path: string): Dirent[] {
  try {
    const entries = readdirSync(path, { withFileTypes: true })
    const visible = entries.filter((entry) => !isHiddenPath(entry.name))
    return visible.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new DriftError(
      'source.unreadable',
      `expected a readable folder, got ${reason} for ${path}`,
      { cause: error },
    )
  }
}

function linkTarget(path: string): { isDirectory(): boolean } | undefined {
  return statSync(path, { throwIfNoEntry: false })
}

function noImages(path: string): DriftError {
  return new DriftError('source.empty', `expected image files, found none in ${path}`, {
    hint: 'PNG, JPEG, WebP, TIFF, GIF and AVIF files are looked for by their extension, in subfolders too.',
  })
}
