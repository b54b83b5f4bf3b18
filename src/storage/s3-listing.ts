import { DriftError } from '../errors.ts'
import type { S3Client } from './s3-client.ts'
import type { ObjectEntry } from './s3-object.ts'
import { elementsOf, textOf } from './s3-xml.ts'

/** What is directly below a prefix: objects, and longer prefixes up to their next slash. */
export type ListedLevel = {
  readonly objects: readonly ObjectEntry[]
  readonly folders: readonly string[]
}

export type LevelOptions = {
  readonly prefix: string
  /** For messages. */
  readonly location: string
  /** Ends after so many names; without it all pages are read. */
  readonly most?: number | undefined
}

/** A page of 1,000 names of 1,024 bytes, escaped. */
const MOST_PAGE_BYTES = 1 << 24

/** Everything directly below a prefix, page by page. */
export async function listLevel(
  client: S3Client,
  { prefix, location, most }: LevelOptions,
): Promise<ListedLevel> {
  const objects: ObjectEntry[] = []
  const folders: string[] = []
  for (let token: string | undefined; ;) {
    const { body } = await client.ask({
      key: '',
      query: {
        'list-type': '2',
        delimiter: '/',
        prefix,
        ...(most !== undefined && { 'max-keys': String(most) }),
        ...(token !== undefined && { 'continuation-token': token }),
      },
      mostBytes: MOST_PAGE_BYTES,
      location,
    })
    const xml = Buffer.from(body).toString('utf8')
    if (!xml.includes('ListBucketResult')) throw noList(location)
    for (const entry of elementsOf(xml, 'Contents')) objects.push(readEntry(entry))
    for (const entry of elementsOf(xml, 'CommonPrefixes')) {
      folders.push(textOf(entry, 'Prefix') ?? '')
    }
    const next = textOf(xml, 'NextContinuationToken')
    const isLast = textOf(xml, 'IsTruncated') !== 'true' || most !== undefined
    if (isLast) return { objects, folders }
    // Of a service that repeats a page there would be no end.
    if (next === undefined || next === token) throw noList(location)
    token = next
  }
}

function readEntry(xml: string): ObjectEntry {
  return {
    key: textOf(xml, 'Key') ?? '',
    size: Number(textOf(xml, 'Size')),
    etag: textOf(xml, 'ETag'),
  }
}

function noList(location: string): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected a list of objects, got another answer for ${location}`,
    { hint: 'AWS_ENDPOINT_URL has to name a service that speaks S3 (ListObjectsV2).' },
  )
}
