import { buffer } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { getFileNameLowLevel, openPromise, type Entry, type ZipFile } from 'yauzl'
import { DriftError } from '../errors.ts'
import { brokenStream } from './arrays/byte-reader.ts'

/** One file inside a zip archive. */
export type ZipEntry = {
  readonly name: string
  /** Unpacked size in bytes, as the archive claims; unpacking more or less is an error. */
  readonly size: number
  /** Unpacks it whole; valid until the next entry is asked for. */
  read(): Promise<Uint8Array>
  /** Unpacks it piece by piece. */
  stream(): Promise<Readable>
}

/** The entries of a zip archive in the order of its directory, folders left out. */
export async function* readZip(path: string): AsyncGenerator<ZipEntry> {
  const zip = await openZip(path)
  try {
    for await (const entry of entriesOf(zip, path)) yield describe(zip, entry)
  } finally {
    zip.close()
  }
}

/** Streams one entry of a zip archive by its name. */
export async function streamZipEntry(path: string, name: string): Promise<Readable> {
  const zip = await openZip(path)
  try {
    for await (const entry of entriesOf(zip, path)) {
      // The file stays open behind `close` until this stream has ended.
      if (nameOf(entry) === name) return await zip.openReadStreamPromise(entry)
    }
  } finally {
    zip.close()
  }
  throw new DriftError('source.unreadable', `expected an entry ${name}, got none in ${path}`)
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    // Names are decoded here, so that an unsafe path is our error and not the library's.
    return await openPromise(path, { autoClose: false, decodeStrings: false })
  } catch (error) {
    throw brokenStream(error, path)
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

function describe(zip: ZipFile, entry: Entry): ZipEntry {
  const stream = async (): Promise<Readable> => zip.openReadStreamPromise(entry)
  return {
    name: nameOf(entry),
    size: entry.uncompressedSize,
    stream,
    read: async () => buffer(await stream()),
  }
}

function nameOf(entry: Entry): string {
  const { generalPurposeBitFlag, fileNameRaw, extraFields } = entry
  return getFileNameLowLevel(generalPurposeBitFlag, fileNameRaw, extraFields, false)
}
