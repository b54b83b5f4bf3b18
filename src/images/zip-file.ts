import { buffer } from 'node:stream/consumers'
import { Readable } from 'node:stream'
import {
  type Entry,
  fromRandomAccessReaderPromise,
  getFileNameLowLevel,
  openPromise,
  RandomAccessReader,
  type ZipFile,
} from 'yauzl'
import { DriftError } from '../errors.ts'
import { inWindows, type StoredBytes } from '../storage/index.ts'
import { brokenStream, readBytes } from './arrays/byte-reader.ts'

/** One file inside a zip archive. */
export type ZipEntry = {
  readonly name: string
  /** Unpacked size in bytes, as the archive claims; unpacking more or less is an error. */
  readonly size: number
  /** Why it can't be unpacked here, in words. */
  readonly unread?: string
  /** Unpacks its first bytes, at most `count`. */
  head(count: number): Promise<Uint8Array>
  /** Unpacks it whole; valid until the next entry is asked for. */
  read(): Promise<Uint8Array>
  /** Unpacks it piece by piece. */
  stream(): Promise<Readable>
}

/** The entries of a zip archive in the order of its directory, folders left out; `listOnly` where none will be unpacked. */
export async function* readZip(
  bytes: StoredBytes,
  { listOnly = false } = {},
): AsyncGenerator<ZipEntry> {
  const { location: path } = bytes
  // Sizes that contradict each other matter when an entry is unpacked; encrypted ones may.
  const zip = await openZip(bytes, { ...OPEN_OPTIONS, validateEntrySizes: !listOnly })
  try {
    for await (const entry of entriesOf(zip, path)) yield describe(zip, entry, path)
  } finally {
    zip.close()
  }
}

/** Streams one entry of a zip archive by its name. */
export async function streamZipEntry(bytes: StoredBytes, name: string): Promise<Readable> {
  const { location: path } = bytes
  const zip = await openZip(bytes)
  try {
    for await (const entry of entriesOf(zip, path)) {
      // The file stays open behind `close` until this stream has ended.
      if (nameOf(entry) === name) return await openEntry(zip, entry, path)
    }
  } finally {
    zip.close()
  }
  throw new DriftError('source.unreadable', `expected an entry ${name}, got none in ${path}`)
}

async function openZip(bytes: StoredBytes, options = OPEN_OPTIONS): Promise<ZipFile> {
  const { file, size } = bytes
  const near = file === undefined ? inWindows(bytes) : bytes
  const openTo = async (end: number): Promise<ZipFile> =>
    fromRandomAccessReaderPromise(new StoredReader(near), end, options)
  try {
    return file === undefined ? await openTo(size) : await openPromise(file, options)
  } catch (error) {
    const isLonger = /extra bytes at the end/i.test(String(error))
    const end = isLonger ? await findZipEnd(near) : undefined
    if (end === undefined) throw brokenStream(error, bytes.location)
    return openTo(end)
  }
}

// Names are decoded here, so that an unsafe path is our error and not the library's.
const OPEN_OPTIONS = { autoClose: false, decodeStrings: false, validateEntrySizes: true }

/** Bytes behind the archive, as careless copying leaves them, that are looked through for its end. */
const SEARCHED = 1 << 20

const END_RECORD = Buffer.from('PK\x05\x06', 'latin1')
const END_RECORD_BYTES = 22

/** Where an archive ends that has bytes behind it: behind the last end record that points to its own directory. */
async function findZipEnd(bytes: StoredBytes): Promise<number | undefined> {
  const { size } = bytes
  const start = Math.max(0, size - SEARCHED)
  const tail = Buffer.from(await bytes.read({ start, end: size }))
  for (let at = tail.length - END_RECORD_BYTES; at >= 0; at--) {
    at = tail.lastIndexOf(END_RECORD, at)
    if (at < 0) return undefined
    const directory = tail.readUInt32LE(at + 12) + tail.readUInt32LE(at + 16)
    const isZip64 = tail.readUInt32LE(at + 16) === 0xffff_ffff
    if (directory === start + at || isZip64) {
      return start + at + END_RECORD_BYTES + tail.readUInt16LE(at + 20)
    }
  }
  return undefined
}

/** Reads a part of an archive for the zip library. */
class StoredReader extends RandomAccessReader {
  readonly #bytes: StoredBytes

  constructor(bytes: StoredBytes) {
    super()
    this.#bytes = bytes
  }

  override _readStreamForRange(start: number, end: number): Readable {
    return Readable.from(this.#bytes.stream({ start, end }))
  }
}

async function* entriesOf(zip: ZipFile, path: string): AsyncGenerator<Entry> {
  const entries = zip.eachEntry()
  for (;;) {
    const next = await entries.next().catch((error: unknown) => {
      throw brokenStream(error, path)
    })
    if (next.done === true) return
    if (!nameOf(next.value).endsWith('/')) yield next.value
  }
}

async function openEntry(zip: ZipFile, entry: Entry, path: string): Promise<Readable> {
  return zip.openReadStreamPromise(entry).catch((error: unknown) => {
    throw brokenStream(error, `${path}, entry ${nameOf(entry)}`)
  })
}

function describe(zip: ZipFile, entry: Entry, path: string): ZipEntry {
  const stream = async (): Promise<Readable> => openEntry(zip, entry, path)
  return {
    name: nameOf(entry),
    size: entry.uncompressedSize,
    ...whyUnread(entry),
    stream,
    read: async () => buffer(await stream()),
    head: async (count) => readHead(await stream(), count, nameOf(entry)),
  }
}

async function readHead(stream: Readable, count: number, name: string): Promise<Uint8Array> {
  const reader = readBytes(stream, name)
  try {
    return await reader.read(count)
  } finally {
    await reader.close()
  }
}

const METHODS: Readonly<Record<number, string>> = {
  9: 'Deflate64',
  12: 'bzip2',
  14: 'LZMA',
  93: 'zstd',
  95: 'XZ',
  98: 'PPMd',
}

function whyUnread(entry: Entry): { unread?: string } {
  const { compressionMethod: method } = entry
  if (entry.isEncrypted()) return { unread: 'is encrypted' }
  if (method === 0 || method === 8) return {}
  return { unread: `is packed with ${METHODS[method] ?? `method ${method}`}, which is not read` }
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
}
