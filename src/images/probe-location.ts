import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DriftError } from '../errors.ts'
import { withFile } from './arrays/byte-reader.ts'
import { describeKind } from './file-kind.ts'
import type { LocationProbe } from './source-format.ts'

const HEAD_BYTES = 512

/** Looks at a path: what is there, and its first bytes; throws `source.unreadable` when nothing is, or no file. */
export async function probeLocation(path: string): Promise<LocationProbe> {
  const found = await stat(path).catch(async (error: unknown) => {
    throw await missing(path, error)
  })
  if (found.isDirectory()) {
    return { path, isFolder: true, byteLength: 0, gzipped: false, head: new Uint8Array() }
  }
  // Reading a pipe or a device could wait for ever.
  if (!found.isFile()) {
    throw new DriftError(
      'source.unreadable',
      `expected a folder, archive or file of images, got ${describeKind(found)}: ${path}`,
    )
  }
  const raw = await readHead(path, false)
  const gzipped = raw[0] === 0x1f && raw[1] === 0x8b
  const head = gzipped ? await readHead(path, true) : raw
  return { path, isFolder: false, byteLength: found.size, gzipped, head }
}

async function readHead(path: string, gzipped: boolean): Promise<Uint8Array> {
  return withFile(path, { gzipped }, (reader) => reader.read(HEAD_BYTES))
}

async function missing(path: string, cause: unknown): Promise<DriftError> {
  const code = (cause as NodeJS.ErrnoException).code ?? 'an error'
  if (code !== 'ENOENT') {
    const message = `expected readable images, got ${code} for ${resolve(path)}`
    return new DriftError('source.unreadable', message, { cause })
  }
  const parent = dirname(resolve(path))
  const hasParent = await stat(parent).then(
    () => true,
    () => false,
  )
  const hint = hasParent
    ? `The folder ${parent} exists; check the last part of the name.`
    : `The folder ${parent} does not exist either.`
  const message = `expected a folder, archive or file of images, found nothing at ${resolve(path)}`
  return new DriftError('source.unreadable', message, { hint, cause })
}
