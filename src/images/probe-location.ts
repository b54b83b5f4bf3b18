import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DriftError } from '../errors.ts'
import {
  type Bucket,
  fileBytes,
  isBucketLocation,
  openBucket,
  type StoredBytes,
} from '../storage/index.ts'
import { withStored } from './arrays/byte-reader.ts'
import { describeKind } from './file-kind.ts'
import type { LocationProbe } from './source-format.ts'

const HEAD_BYTES = 512

/** Looks at a path: what is there, and its first bytes; throws `source.unreadable` when nothing is, or no file. */
export async function probeLocation(
  path: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<LocationProbe> {
  if (isBucketLocation(path)) return probeBucket(path, openBucket(path, options))
  requirePath(path)
  const found = await stat(path).catch(async (error: unknown) => {
    throw await missing(path, error)
  })
  if (found.isDirectory()) {
    return folderAt(path)
  }
  // Reading a pipe or a device could wait for ever.
  if (!found.isFile()) {
    throw new DriftError(
      'source.unreadable',
      `expected a folder, archive or file of images, got ${describeKind(found)}: ${path}`,
    )
  }
  const bytes = fileBytes(path, found.size)
  return probeBytes(bytes)
}

async function probeBucket(path: string, bucket: Bucket): Promise<LocationProbe> {
  const found = await bucket.find(HEAD_BYTES)
  if (found !== undefined) return probeBytes(found.bytes, found.head)
  if (await bucket.hasObjects()) return { ...folderAt(path), bucket }
  throw new DriftError(
    'source.unreadable',
    `expected an object, or objects whose names begin with it and a slash, found none at ${path}`,
    { hint: 'Capital letters count in the names of objects.' },
  )
}

function folderAt(path: string): LocationProbe {
  const bytes = fileBytes(path, 0)
  return { path, isFolder: true, bytes, gzipped: false, head: new Uint8Array() }
}

/** Looks at the first bytes of what is stored. */
export async function probeBytes(bytes: StoredBytes, known?: Uint8Array): Promise<LocationProbe> {
  const raw = known ?? (await readHead(bytes, false))
  const gzipped = raw[0] === 0x1f && raw[1] === 0x8b
  const head = gzipped ? await readHead(bytes, true) : raw
  return { path: bytes.location, isFolder: false, bytes, gzipped, head }
}

async function readHead(bytes: StoredBytes, gzipped: boolean): Promise<Uint8Array> {
  return withStored(bytes, { gzipped }, (reader) => reader.read(HEAD_BYTES))
}

/** Other buckets are no paths either. */
function requirePath(path: string): void {
  const scheme = /^(gs|gcs|az|abfss?|wasbs?|hdfs|https?):\/\//i.exec(path)?.[1].toLowerCase()
  if (scheme === undefined) return
  const isGoogle = scheme === 'gs' || scheme === 'gcs'
  throw new DriftError('source.unreadable', `expected a path, or s3://bucket/prefix, got ${path}`, {
    hint: isGoogle
      ? 'Google’s buckets are read as s3:// with AWS_ENDPOINT_URL=https://storage.googleapis.com and an HMAC key.'
      : 'Copy the images to this machine or to a bucket of S3.',
  })
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
