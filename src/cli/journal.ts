import { appendFile, open, rm, truncate } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import type { MeasuredBatch } from '../measuring/index.ts'
import { outputError } from './outputs.ts'

/** What was measured so far, on disk: a run that is killed goes on where it stopped. */
export type Journal = {
  /** Number of the last batch that is in it; −1 of none. */
  readonly last: number
  /** Images that are in it. */
  readonly count: number
  append(part: MeasuredBatch): Promise<void>
  /** All parts, in the order they came. */
  parts(): AsyncIterable<MeasuredBatch>
  remove(): Promise<void>
}

/** Bytes before each entry: its length and its checksum. */
const HEAD = 8

/** Opens the journal of a run, `task` says of which: one of another run is begun anew, a half-written end is cut off. */
export async function openJournal(path: string, task: unknown): Promise<Journal> {
  const title = serialize(task)
  let kept = 0
  let isFirst = true
  let [last, count] = [-1, 0]
  for await (const { bytes, end } of readEntries(path)) {
    if (isFirst && !title.equals(bytes)) break
    if (!isFirst) {
      const part = deserialize(bytes) as MeasuredBatch
      last = part.number
      count += part.count
    }
    isFirst = false
    kept = end
  }
  const append = async (bytes: Uint8Array): Promise<void> => {
    await appendFile(path, withHead(bytes)).catch((cause: unknown) => {
      throw outputError(path, cause)
    })
  }
  await truncate(path, kept).catch(() => {})
  if (kept === 0) await append(title)
  return {
    last,
    count,
    append: async (part) => append(serialize(part)),
    parts: async function* parts(): AsyncGenerator<MeasuredBatch> {
      let isTitle = true
      for await (const { bytes } of readEntries(path)) {
        if (!isTitle) yield deserialize(bytes) as MeasuredBatch
        isTitle = false
      }
    },
    remove: async () => rm(path, { force: true }),
  }
}

function withHead(bytes: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt32LE(bytes.byteLength)
  head.writeUInt32LE(crc32(bytes), 4)
  return Buffer.concat([head, bytes])
}

type Entry = { readonly bytes: Buffer; readonly end: number }

/** Whole entries; what a kill left half-written ends them. */
async function* readEntries(path: string): AsyncGenerator<Entry> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return
  try {
    let at = 0
    for (;;) {
      const head = await readExactly(HEAD, at)
      if (head === undefined) return
      const bytes = await readExactly(head.readUInt32LE(), at + HEAD)
      if (bytes === undefined || crc32(bytes) !== head.readUInt32LE(4)) return
      at += HEAD + bytes.byteLength
      yield { bytes, end: at }
    }
  } finally {
    await file.close()
  }

  async function readExactly(length: number, from: number): Promise<Buffer | undefined> {
    const bytes = Buffer.alloc(length)
    const found = await file?.read(bytes, 0, length, from)
    return found?.bytesRead === length ? bytes : undefined
  }
}
