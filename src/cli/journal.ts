import { appendFile, open, rm, truncate } from 'node:fs/promises'
import { deserialize, serialize } from 'node:v8'
import { crc32 } from 'node:zlib'
import { DriftError } from '../errors.ts'
import type { MeasuredBatch } from '../measuring/index.ts'
import { outputError } from './outputs.ts'

/** What was measured so far, on disk: a run that is killed goes on where it stopped. */
export type Journal = {
  /** Number of the last batch that is in it; −1 of none. */
  readonly last: number
  /** Images that are in it. */
  readonly count: number
  append(part: MeasuredBatch): Promise<void>
  /** All parts once, in the order of their numbers; throws DriftError when another run took some of them away. */
  parts(): AsyncIterable<MeasuredBatch>
  remove(): Promise<void>
}

/** Bytes before each entry: its length and its checksum. */
const HEAD = 8
/** Of what is measured of a batch: a journal of another version is begun anew. */
const FORM = 2

/** Opens the journal of a run, `task` says of which: one of another run is begun anew, a half-written end is cut off. */
export async function openJournal(path: string, task: unknown): Promise<Journal> {
  const title = serialize({ form: FORM, task })
  let [last, count, size, kept] = [-1, 0, 0, 0]
  for await (const { part, end } of readEntries(path, title)) {
    kept = end
    if (part === undefined || part.number <= last) continue
    last = part.number
    count += part.count
    size++
  }
  const append = async (bytes: Uint8Array, seed = 0): Promise<void> => {
    await appendFile(path, withHead(bytes, seed)).catch((cause: unknown) => {
      throw outputError(path, cause)
    })
  }
  await truncate(path, kept).catch(() => {})
  if (kept === 0) await append(title)
  return {
    last,
    count,
    append: async (part) => {
      await append(serialize(part), crc32(title))
      size++
    },
    parts: async function* parts(): AsyncGenerator<MeasuredBatch> {
      let [found, before] = [0, -1]
      for await (const { part } of readEntries(path, title)) {
        // A cluster that takes a machine for dead starts its part elsewhere too: what both measure is the same.
        if (part === undefined || part.number <= before) continue
        before = part.number
        found++
        yield part
      }
      if (found !== size) throw disturbed(path)
    },
    remove: async () => rm(path, { force: true }),
  }
}

function disturbed(path: string): DriftError {
  return new DriftError(
    'output.unwritable',
    `expected all that was measured in ${path}, got a part: another run writes to the same file`,
    { hint: 'Start it again when the other one has ended, or give it an --out of its own.' },
  )
}

/** The checksum of a part begins with that of the title: what a run of another task writes is none of ours. */
function withHead(bytes: Uint8Array, seed: number): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt32LE(bytes.byteLength)
  head.writeUInt32LE(crc32(bytes, seed), 4)
  return Buffer.concat([head, bytes])
}

/** The title has no part. */
type Entry = { readonly part: MeasuredBatch | undefined; readonly end: number }

/** Whole entries of a journal of this title; what a kill left half-written ends them. */
async function* readEntries(path: string, title: Buffer): AsyncGenerator<Entry> {
  const file = await open(path, 'r').catch(() => undefined)
  if (file === undefined) return
  try {
    for (let at = 0; ;) {
      const head = await readExactly(HEAD, at)
      if (head === undefined) return
      const bytes = await readExactly(head.readUInt32LE(), at + HEAD)
      const seed = at === 0 ? 0 : crc32(title)
      if (bytes === undefined || crc32(bytes, seed) !== head.readUInt32LE(4)) return
      if (at === 0 && !title.equals(bytes)) return
      const part = at === 0 ? undefined : (deserialize(bytes) as MeasuredBatch)
      at += HEAD + bytes.byteLength
      yield { part, end: at }
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
