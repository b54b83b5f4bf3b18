import { DriftError } from '../errors.ts'

/** Larger files inside an archive are not images; unpacking them would fill the memory. */
const LARGEST_ENTRY_BYTES = 512 * 1024 * 1024

/** The path of an archive's entry without `./`; throws `source.unsafe-path` when it leads out of the archive. */
export function safeEntryPath(name: string, archive: string): string {
  const path = name.replaceAll('\\', '/')
  if (path.startsWith('/') || /^[a-z]:/i.test(path) || path.split('/').includes('..')) {
    throw new DriftError(
      'source.unsafe-path',
      `expected paths inside the archive, got ${JSON.stringify(name)} in ${archive}`,
      { hint: 'Such an archive is made to overwrite files elsewhere; do not unpack it.' },
    )
  }
  return path.replace(/^(?:\.\/)+/, '')
}

/** Why an entry of `size` bytes is left out, if it is. */
export function entryTooLarge(path: string, size: number): DriftError | undefined {
  if (size <= LARGEST_ENTRY_BYTES) return undefined
  const limit = LARGEST_ENTRY_BYTES / 1024 / 1024
  return new DriftError(
    'image.too-large',
    `expected at most ${limit} MiB, got ${size} bytes: ${path}`,
  )
}
