import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DriftError } from '../errors.ts'

/** Names of columns that hold paths, in lower case. */
export const PATH_COLUMNS: readonly string[] = [
  'path',
  'file',
  'filename',
  'file_name',
  'image',
  'image_path',
  'filepath',
]

/** The file a table's cell means: to be read, or why it can't be. */
export type TablePath = { readonly file: string } | { readonly error: DriftError }

/**
 * The file that `written` in a table of `folder` means. Where there is none of just that name, blanks around it,
 * backslashes between folders and the other Unicode normal form (macOS writes é as two characters) are tried.
 */
export function findTablePath(folder: string, written: string): TablePath {
  const url = /^([a-z][a-z0-9+.-]+):\/\//i.exec(written.trim())
  if (url) return readUrl(written.trim(), url[1])
  const spellings = [written, written.trim(), written.trim().replaceAll('\\', '/')]
  const files = [
    ...new Set([
      ...spellings.map((one) => resolve(folder, one)),
      ...spellings.flatMap((one) =>
        ['NFC', 'NFD'].map((form) => resolve(folder, one.normalize(form))),
      ),
    ]),
  ]
  const file = files.find((one) => existsSync(one))
  if (file !== undefined) return { file }
  if (!/^[a-z]:\\|^\\\\/i.test(written.trim())) return { file: files[0] }
  return {
    error: new DriftError(
      'source.unreadable',
      `expected a path on this machine, got the Windows path ${JSON.stringify(written)}`,
      { hint: 'Write paths relative to the table, with slashes.' },
    ),
  }
}

function readUrl(text: string, scheme: string): TablePath {
  try {
    if (scheme.toLowerCase() === 'file') return { file: fileURLToPath(text) }
  } catch {
    // Falls through: a file URL of another machine is as far away as any other.
  }
  return {
    error: new DriftError(
      'source.unreadable',
      `expected the path of a file, got the URL ${JSON.stringify(text)}: nothing is fetched from the network`,
      { hint: 'Download the images and write their paths, relative to the table.' },
    ),
  }
}
