import { stat } from 'node:fs/promises'
import { DriftError } from '../errors.ts'
import { fileBytes } from '../storage/index.ts'
import type { ImageSource } from './image-source.ts'
import { probeBytes } from './probe-location.ts'
import type { OpenOptions } from './source-format.ts'
import { idxFormat } from './sources/idx.ts'
import { npyFormat } from './sources/npy.ts'
import { npzFormat } from './sources/npz.ts'
import { parquetFormat } from './sources/parquet.ts'
import { tarFormat } from './sources/tar.ts'
import { zipFormat } from './sources/zip.ts'

const FORMATS = {
  idx: idxFormat,
  npy: npyFormat,
  npz: npzFormat,
  parquet: parquetFormat,
  tar: tarFormat,
  zip: zipFormat,
}

/** Arrays, tables and archives that hold their images in themselves. */
export type SentKind = keyof typeof FORMATS

/**
 * Opens what somebody sent, spooled to `path`, as one of these kinds: whatever is in it, no other file of this machine is
 * read, and `path` is in no message.
 */
export async function openSent(
  path: string,
  kinds: readonly SentKind[],
  options: Pick<OpenOptions, 'column' | 'layout' | 'pixelLimit' | 'signal'> = {},
): Promise<ImageSource> {
  const { size } = await stat(path)
  // As what lies in a bucket: paths within it lead nowhere.
  const bytes = { ...fileBytes(path, size), file: undefined }
  for (const kind of kinds) {
    const format = FORMATS[kind]
    const probe = await probeBytes({ ...bytes, location: `body.${kind}` })
    if (!format.recognises(probe)) continue
    const taken = Object.entries(options).filter(([name]) => isTaken(format.accepts, name))
    return format.open(probe, Object.fromEntries(taken))
  }
  const titles = kinds.map((kind) => FORMATS[kind].title).join(' or ')
  throw new DriftError('source.unreadable', `expected ${titles}, got something else`)
}

function isTaken(accepts: readonly string[], name: string): boolean {
  return accepts.includes(name) || name === 'pixelLimit' || name === 'signal'
}
