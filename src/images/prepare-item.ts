import { readFileSync, statSync } from 'node:fs'
import { DriftError } from '../errors.ts'
import { fileRow } from '../file-properties.ts'
import { decodeAtOnce, type DecodedPixels, type DecodeOptions } from './codec/decode-at-once.ts'
import { readFileHeader } from './codec/file-header.ts'
import { readTiffPages } from './codec/tiff-header.ts'
import { sniffFormat } from './encoded-format.ts'
import { describeKind } from './file-kind.ts'
import type { ImageItem } from './image-item.ts'
import type { ImageRecord, ImageShape } from './image-source.ts'
import { badValueError, findBadValue, type RawPixels } from './raw-pixels.ts'
import { toWorkingForm } from './working-pixels.ts'
import { readHeadSync } from './read-head.ts'
import type { ModelOutputRow } from './model-outputs/collect-model-outputs.ts'

/** An item whose file, if it is one, has been read. */
export type LoadedItem = Exclude<ImageItem, { file: string | Buffer }>

/** Pixels at the asked height and width, or why there are none; `bytes` is the memory they hold until taken. */
export type PreparedItem = {
  readonly record: ImageRecord
  readonly bytes: number
  readonly modelOutputs?: ModelOutputRow | undefined
} & (
  | { readonly pixels: RawPixels; readonly file: FileNumbers }
  /** As a batch holds them: they may lie in memory right behind those of the image before. */
  | {
      readonly row: Float32Array<ArrayBuffer>
      readonly shape: ImageShape
      readonly file: FileNumbers
    }
  /** `fatal`: the whole source is on another scale, so skipping image by image would lose it all. */
  | { readonly error: DriftError; readonly fatal?: boolean }
)

/** What an image's file says, a number for each of `FILE_COLUMNS`, and the camera by name. */
export type FileNumbers = {
  readonly row: ArrayLike<number>
  readonly camera?: string | undefined
}

/**
 * Reads the files of items, now and not in the background: decodes once started then need this thread no more. A file of
 * several pictures (the pages of a TIFF) becomes as many items, `x.tif`, `x.tif#2`, ….
 */
export async function* loadItems(
  items: AsyncIterable<ImageItem> | Iterable<ImageItem>,
  { isChosen = () => true, onItem }: ChoosingOptions = {},
): AsyncGenerator<Placed<LoadedItem>> {
  let place = 0
  for await (const item of items) {
    for (const loaded of isPassedOver(item, isChosen(place)) ? [item] : loadPages(item)) {
      onItem?.()
      const own = place++
      if (isChosen(own) && !('file' in loaded)) yield Object.assign({}, loaded, { place: own })
    }
  }
}

/** An item with its number in the source, from 0. */
export type Placed<Item> = Item & { readonly place: number }

export type ChoosingOptions = {
  /** Whether to load the item of this number; the others are passed over. Default: all. */
  readonly isChosen?: ((place: number) => boolean) | undefined
  /** Called for every item, chosen or not. */
  readonly onItem?: (() => void) | undefined
}

/** A file that is not chosen need not be read, but for one of several pages, some of which may be. */
function isPassedOver(item: ImageItem, isChosen: boolean): boolean {
  return !isChosen && 'file' in item && !mayHavePages(item)
}

/** The same without reading more than the heads of files, but for those of several pages. */
export async function* chooseItems(
  items: AsyncIterable<ImageItem> | Iterable<ImageItem>,
  { isChosen = () => true, onItem }: ChoosingOptions = {},
): AsyncGenerator<Placed<ImageItem>> {
  let place = 0
  for await (const item of items) {
    for (const page of mayHavePages(item) ? loadPages(item) : [item]) {
      onItem?.()
      const own = place++
      if (isChosen(own)) yield Object.assign({}, page, { place: own })
    }
  }
}

/** An item's pictures, its file read now: of most items one. */
export function loadPages(item: ImageItem): Iterable<LoadedItem> {
  const loaded = loadItem(item)
  return 'encoded' in loaded && mayHavePages(loaded) ? pagesOf(loaded) : [loaded]
}

/** Whether an item is of several pictures. */
export function holdsSeveral(item: LoadedItem): boolean {
  return 'encoded' in item && mayHavePages(item) && pageNumbers(item.encoded).length > 1
}

function mayHavePages(item: ImageItem): boolean {
  if ('encoded' in item) {
    return item.isSingle !== true && item.page === undefined && sniffFormat(item.encoded) === 'tiff'
  }
  return 'file' in item && sniffFormat(readHeadSync(item.file, 16)) === 'tiff'
}

/** An item, its file read now. */
export function loadItem(item: ImageItem): LoadedItem {
  if (!('file' in item)) return item
  const { file, ...rest } = item
  try {
    return { ...rest, encoded: readRegularFile(file) }
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? (error as Error).message
    const message = `expected a readable file, got ${reason} for ${file.toString()}`
    return { ...rest, error: new DriftError('source.unreadable', message, { cause: error }) }
  }
}

/** Reading a pipe or a device could wait for ever. */
function readRegularFile(file: string | Buffer): Buffer {
  const found = statSync(file)
  if (!found.isFile()) throw new Error(describeKind(found))
  return readFileSync(file)
}

function* pagesOf(item: Extract<LoadedItem, { encoded: Uint8Array }>): Generator<LoadedItem> {
  const pages = pageNumbers(item.encoded)
  if (pages.length < 2) {
    yield item
    return
  }
  const { record, ...rest } = item
  for (const [i, page] of pages.entries()) {
    const id = i === 0 ? record.id : `${record.id}#${i + 1}`
    yield { ...rest, record: { ...record, id }, page }
  }
}

/** Pages of a TIFF that are pictures of their own. */
function pageNumbers(bytes: Uint8Array): number[] {
  return readTiffPages(bytes).flatMap(({ isAuxiliary }, i) => (isAuxiliary ? [] : [i]))
}

/** Decodes, resizes and checks an item; at once where there is nothing to decode or resize. Never rejects for a bad image. */
export function prepareItem(
  item: LoadedItem,
  options: DecodeOptions,
): PreparedItem | Promise<PreparedItem> {
  if ('encoded' in item) {
    const pixels = decodeAtOnce(item.encoded, options)
    return pixels === undefined ? decodeItem(item, options) : fileItem(item, pixels)
  }
  const checked = checkItem(item)
  if (!('pixels' in checked)) return checked
  const { pixels } = checked
  return { ...checked, pixels: toWorkingForm(pixels, options), file: { row: arrayRow(pixels) } }
}

type EncodedItem = Extract<LoadedItem, { encoded: Uint8Array }>

function fileItem(
  { record, modelOutputs, encoded, page }: EncodedItem,
  { size, ...pixels }: DecodedPixels,
): PreparedItem {
  const facts = { ...readFileHeader(encoded, page), ...size }
  const file = { row: fileRow(facts), camera: facts.camera }
  return { record, modelOutputs, pixels, file, bytes: pixels.data.byteLength }
}

/** An array says how large it is and whether it has colours. */
function arrayRow({ shape: { height, width, channels } }: RawPixels): number[] {
  const known = channels === 1 ? 'grey' : channels === 3 ? 'colour' : undefined
  return fileRow({ height, width, channels: known })
}

async function decodeItem(item: EncodedItem, options: DecodeOptions): Promise<PreparedItem> {
  const { record, modelOutputs, encoded, page } = item
  // libvips is loaded where a file needs it: threads that meet none start in half of the time.
  const { decodeImage } = await import('./codec/decode.ts')
  try {
    return fileItem(item, await decodeImage(encoded, record.id, { ...options, page }))
  } catch (error) {
    if (error instanceof DriftError) return { record, modelOutputs, bytes: 0, error }
    throw error
  }
}

/** Its values looked at, or why they are none. */
type CheckedItem =
  | Exclude<PreparedItem, { file: FileNumbers }>
  | (Extract<UnpackedItem, { pixels: RawPixels }> & { readonly bytes: number })

type UnpackedItem = Exclude<LoadedItem, EncodedItem>

function checkItem(item: UnpackedItem): CheckedItem {
  if ('error' in item) return { ...item, bytes: 0 }
  const { data } = item.pixels
  const bad = data instanceof Float32Array ? findBadValue(data) : undefined
  if (bad === undefined) return { ...item, bytes: 0 }
  const error = badValueError(bad, data as Float32Array, `image ${item.record.id}`)
  return {
    record: item.record,
    modelOutputs: item.modelOutputs,
    bytes: 0,
    error,
    fatal: Number.isFinite(bad),
  }
}
