import type { SentKind } from '../../images/index.ts'

/** Content types of arrays, tables and archives, and what a body of each may be. */
export const ARCHIVE_TYPES: Readonly<Record<string, readonly SentKind[]>> = {
  'application/x-npy': ['npy'],
  'application/x-npz': ['npz'],
  'application/x-idx': ['idx'],
  'application/vnd.apache.parquet': ['parquet'],
  'application/x-parquet': ['parquet'],
  'application/x-tar': ['tar'],
  'application/zip': ['zip'],
  'application/gzip': ['npy', 'idx', 'tar'],
}

/** What a body of a content type may be; undefined where it is none of these. */
export function archiveKinds(contentType: string | undefined): readonly SentKind[] | undefined {
  const type = contentType?.split(';')[0].trim().toLowerCase() ?? ''
  return Object.hasOwn(ARCHIVE_TYPES, type) ? ARCHIVE_TYPES[type] : undefined
}
