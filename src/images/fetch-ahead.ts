import { DriftError } from '../errors.ts'
import type { StoredObject } from '../storage/index.ts'
import { entryTooLarge } from './archive-entry.ts'
import { readTiffPages } from './codec/tiff-header.ts'
import { sniffFormat } from './encoded-format.ts'
import type { ImageItem } from './image-item.ts'
import type { ImageRecord } from './image-source.ts'
import { readAhead } from './read-ahead.ts'

/** An object of a bucket that holds an image. */
export type FoundObject = {
  readonly record: ImageRecord
  readonly bytes: StoredObject['bytes']
  /** It is or may be a TIFF, whose pages are pictures of their own: it is read whatever is chosen, since they count. */
  readonly mayHavePages: boolean
}

/** Objects asked for at once: what one request waits, the others use. */
const AT_ONCE = 32
/** Bytes of objects that are on their way or waiting stay near this. */
const HELD_BYTES = 64 * 1024 * 1024

/** Nobody looks at it. */
const PASSED_OVER = new DriftError('source.unreadable', 'not asked for')

/** Reads objects ahead of who takes them, in their order, and passes over those that are not chosen by their number. */
export async function* fetchAhead(
  objects: AsyncIterable<FoundObject> | Iterable<FoundObject>,
  isChosen: (place: number) => boolean,
): AsyncGenerator<ImageItem> {
  let held = 0
  const sizeOf = ({ bytes }: FoundObject): number => bytes?.size ?? 0
  const start = async (one: Located): Promise<Fetched> => {
    if (one.item !== undefined) return { item: one.item, size: 0 }
    held += sizeOf(one.found)
    return { item: await fetchOne(one.found), size: sizeOf(one.found) }
  }
  const fetched = readAhead(locate(objects, isChosen), start, {
    window: AT_ONCE,
    isFull: () => held >= HELD_BYTES,
    onTaken: ({ size }) => {
      held -= size
    },
  })
  for await (const { item } of fetched) {
    if ('error' in item && (item.error.retryable || item.error.code === 'cancelled'))
      throw item.error
    yield item
  }
}

/** What to fetch, or what stands in its place. */
type Located = { readonly found: FoundObject; readonly item?: ImageItem }

type Fetched = { readonly item: ImageItem; readonly size: number }

async function* locate(
  objects: AsyncIterable<FoundObject> | Iterable<FoundObject>,
  isChosen: (place: number) => boolean,
): AsyncGenerator<Located> {
  let place = 0
  for await (const found of objects) {
    const { record } = found
    if (found.mayHavePages) {
      const { isSingle: _, ...item } = { isSingle: true, ...(await fetchOne(found)) }
      place += 'encoded' in item ? pagesOf(item.encoded) : 1
      yield { found, item }
    } else if (isChosen(place++)) yield { found }
    else yield { found, item: { record, error: PASSED_OVER, isPassedOver: true } }
  }
}

function pagesOf(encoded: Uint8Array): number {
  return sniffFormat(encoded) === 'tiff'
    ? Math.max(1, readTiffPages(encoded).filter(({ isAuxiliary }) => !isAuxiliary).length)
    : 1
}

/** Never rejects. */
async function fetchOne({ record, bytes }: FoundObject): Promise<ImageItem> {
  if (bytes === undefined) return { record, error: unnameable(record.id) }
  const error = entryTooLarge(record.id, bytes.size)
  if (error !== undefined) return { record, error }
  try {
    const encoded = await bytes.read({ start: 0, end: bytes.size })
    return { record, encoded, isSingle: true }
  } catch (cause) {
    return { record, error: asDriftError(cause, bytes.location) }
  }
}

function asDriftError(error: unknown, location: string): DriftError {
  if (error instanceof DriftError) return error
  const message = `expected a readable object, got ${String(error)} for ${location}`
  return new DriftError('source.unreadable', message, { cause: error })
}

function unnameable(id: string): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected a name without . and .. between slashes, which no request can name, got ${JSON.stringify(id)}`,
  )
}
