import { createS3Client, type S3Client } from './s3-client.ts'
import { listLevel } from './s3-listing.ts'
import { isUnnameable, parseBucketLocation } from './s3-location.ts'
import { objectBytes } from './s3-object.ts'
import { codeOf } from './s3-errors.ts'
import { readS3Settings } from './s3-settings.ts'
import type { StoredBytes } from './stored-bytes.ts'

/** An object of a bucket; `id` is its name behind the location. */
export type StoredObject = {
  readonly id: string
  /** Its last part. */
  readonly name: string
  /** Undefined for one that no URL can name. */
  readonly bytes: StoredBytes | undefined
}

/** What is at an `s3://` location. */
export type Bucket = {
  /** The object of exactly that name, and its first bytes; undefined where there is none. */
  find(headBytes: number): Promise<{ bytes: StoredBytes; head: Uint8Array } | undefined>
  /** True where names of objects begin with the location and a slash. */
  hasObjects(): Promise<boolean>
  /** All objects below it as a walk through folders gives them, sorted at each level; `isPassedOver` by their names. */
  walk(isPassedOver: (name: string) => boolean): AsyncGenerator<StoredObject>
}

/** Opens an `s3://` location with the credentials of the environment; nothing is asked for yet. */
export function openBucket(
  location: string,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Bucket {
  const { bucket, key } = parseBucketLocation(location)
  const client = createS3Client(bucket, readS3Settings(), { signal })
  const prefix = key === '' || key.endsWith('/') ? key : `${key}/`
  return {
    find: async (headBytes) => findObject({ client, key, location }, headBytes),
    hasObjects: async () => {
      const { objects, folders } = await listLevel(client, { prefix, location, most: 1 })
      return objects.length + folders.length > 0
    },
    walk: (isPassedOver) =>
      walkLevel({ client, location: `s3://${bucket}/`, isPassedOver }, { prefix, id: '' }),
  }
}

type Found = { readonly client: S3Client; readonly key: string; readonly location: string }

async function findObject({ client, key, location }: Found, headBytes: number) {
  if (key === '' || key.endsWith('/') || isUnnameable(key)) return undefined
  const answer = await client.ask({
    key,
    headers: { range: `bytes=0-${headBytes - 1}` },
    mostBytes: Math.max(headBytes, 1 << 20),
    location,
    accepts: [404, 416],
  })
  const { status, headers, body } = answer
  if (status === 404) {
    if (codeOf(answer) === 'NoSuchBucket')
      await client.ask({ key: '', mostBytes: 1 << 20, location })
    return undefined
  }
  // An empty object has no first byte to ask for.
  const size = status === 416 ? 0 : sizeOf(headers, body.length)
  const etag = headers.get('etag') ?? undefined
  const bytes = objectBytes(client, { key, size, etag }, location)
  return { bytes, head: status === 416 ? new Uint8Array() : body.subarray(0, headBytes) }
}

/** Behind the slash of `bytes 0-511/12345`; a small object may come whole. */
function sizeOf(headers: Headers, received: number): number {
  const [, total] = /\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? []
  return total === undefined ? received : Number(total)
}

type Walk = {
  readonly client: S3Client
  /** Of the bucket, with a slash at its end. */
  readonly location: string
  readonly isPassedOver: (name: string) => boolean
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}

type Level = { readonly prefix: string; readonly id: string }

async function* walkLevel(walk: Walk, { prefix, id }: Level): AsyncGenerator<StoredObject> {
  const { client, location, isPassedOver } = walk
  const { objects, folders } = await listLevel(client, { prefix, location: location + prefix })
  const entries = [
    // What is named as the folder itself is its marker.
    ...objects
      .filter(({ key }) => key !== prefix)
      .map((object) => ({ name: object.key.slice(prefix.length), object })),
    ...folders.map((folder) => ({ name: folder.slice(prefix.length, -1), object: undefined })),
  ]
  const kept = entries.filter(({ name }) => !isPassedOver(name))
  for (const { name, object } of kept.toSorted(byName)) {
    if (object === undefined) {
      yield* walkLevel(walk, { prefix: `${prefix}${name}/`, id: `${id}${name}/` })
      continue
    }
    const { key } = object
    const bytes = isUnnameable(key) ? undefined : objectBytes(client, object, location + key)
    yield { id: id + name, name, bytes }
  }
}
