import { DriftError } from '../../errors.ts'
import type { Bucket, StoredObject } from '../../storage/index.ts'
import { type EncodedFormat, isHiddenPath, isImageName, sniffFormat } from '../encoded-format.ts'
import { fetchAhead, type FoundObject } from '../fetch-ahead.ts'
import { folderLabel, readFolderRule, type FolderRule } from '../folder-label.ts'
import type { ImageSource } from '../image-source.ts'
import { itemSource } from '../item-source.ts'
import { readAhead } from '../read-ahead.ts'
import type { OpenOptions, SourceFormat } from '../source-format.ts'
import { openShards, type OpenShard, requireNoneForShards } from './folder.ts'

/**
 * Pictures below an `s3://` prefix, found and ordered as below a folder. Of objects whose names don't say that they are
 * pictures the first bytes are asked for.
 */
export function bucketFormat(openShard: OpenShard): SourceFormat {
  return {
    kind: 's3',
    title: 'objects below an s3:// prefix',
    accepts: ['labels', 'column', 'layout'],
    recognises: ({ bucket }) => bucket !== undefined,
    open: async ({ path, bucket }, options) =>
      openObjects(path, bucket as Bucket, { options, openShard }),
  }
}

/** Lists of so many objects are kept; longer ones are asked for again at each reading. */
const MOST_KEPT = 100_000

/** Objects looked into at once. */
const AT_ONCE = 32

/** Enough to know a picture. */
const HEAD_BYTES = 16

type Looked = StoredObject & { readonly isImage: boolean; readonly mayHavePages: boolean }

async function openObjects(
  path: string,
  bucket: Bucket,
  { options, openShard }: { readonly options: OpenOptions; readonly openShard: OpenShard },
): Promise<ImageSource> {
  const kept: Looked[] = []
  const others: { id: string; path: string }[] = []
  let count = 0
  for await (const object of look(bucket)) {
    if (object.isImage) count++
    else others.push({ id: object.id, path: object.bytes?.location ?? '' })
    if (object.isImage && count <= MOST_KEPT) kept.push(object)
  }
  if (count === 0) return openShards(path, others, { options, openShard })
  requireNoneForShards(options, path)
  const rule = readFolderRule(options.labels)
  const found = (): AsyncIterable<Looked> | Looked[] => (count <= MOST_KEPT ? kept : look(bucket))
  return itemSource({
    kind: 's3',
    location: path,
    count,
    idsMayRepeat: false,
    pixelLimit: options.pixelLimit,
    items: (_, isChosen) => fetchAhead(imagesOf(found(), rule), isChosen),
  })
}

async function* imagesOf(
  objects: AsyncIterable<Looked> | Iterable<Looked>,
  rule: FolderRule | undefined,
): AsyncGenerator<FoundObject> {
  for await (const { id, bytes, isImage, mayHavePages } of objects) {
    if (isImage) yield { record: { id, ...folderLabel(id, rule) }, bytes, mayHavePages }
  }
}

function look(bucket: Bucket): AsyncGenerator<Looked> {
  return readAhead(bucket.walk(isHiddenPath), lookAt, {
    window: AT_ONCE,
    isFull: () => false,
    onTaken: () => {},
  })
}

async function lookAt(object: StoredObject): Promise<Looked> {
  const { name } = object
  if (isImageName(name)) return { ...object, isImage: true, mayHavePages: /\.tiff?$/i.test(name) }
  const format = await formatOf(object)
  return { ...object, isImage: format !== undefined, mayHavePages: format === 'tiff' }
}

/** What can't be read is no picture, as in a folder. */
async function formatOf({ bytes }: StoredObject): Promise<EncodedFormat | undefined> {
  if (bytes === undefined || bytes.size === 0) return undefined
  const head = bytes.read({ start: 0, end: Math.min(HEAD_BYTES, bytes.size) })
  return sniffFormat(await head.catch(orNothing))
}

/** An error that would pass ends the look: what is found must not depend on it. */
function orNothing(error: unknown): Uint8Array {
  if (error instanceof DriftError && (error.retryable || error.code === 'cancelled')) throw error
  return new Uint8Array()
}
