import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { writeFileSync } from 'node:fs'
import { fileBytes, inWindows, type StoredBytes } from '../../src/storage/index.ts'
import { temporaryFolder } from '../images/stored-images.ts'

const SIZE = 1_000_000
const content = Uint8Array.from({ length: SIZE }, (_, i) => (i * 7 + (i >> 8)) % 251)
const WINDOW = 1 << 18

/** Bytes in memory, and the ranges that were asked of them. */
function watched(): { readonly bytes: StoredBytes; readonly asked: string[] } {
  const asked: string[] = []
  const read: StoredBytes['read'] = async ({ start, end }) => {
    asked.push(`${start}-${end}`)
    return content.slice(start, end)
  }
  const stream = async function* stream() {
    yield content
  }
  return { bytes: { location: 'here', size: SIZE, read, stream }, asked }
}

describe('bytes in windows', () => {
  it('are the same, and asked for once where small reads lie close together', async () => {
    const { bytes, asked } = watched()
    const near = inWindows(bytes)
    for (let start = 0; start < 2 * WINDOW; start += 50_000) {
      const range = { start, end: start + 20_000 }
      assert.deepEqual(await near.read(range), content.slice(range.start, range.end))
    }
    assert.deepEqual(asked, [`0-${WINDOW}`, `${WINDOW}-${2 * WINDOW}`])
    const last = { start: SIZE - 10, end: SIZE }
    assert.deepEqual(await near.read(last), content.slice(SIZE - 10))
    assert.equal(asked.at(-1), `${3 * WINDOW}-${SIZE}`)
  })

  it('of a large read are asked for as they are', async () => {
    const { bytes, asked } = watched()
    const range = { start: 5, end: 5 + WINDOW + 1 }
    assert.deepEqual(await inWindows(bytes).read(range), content.slice(range.start, range.end))
    assert.deepEqual(asked, [`5-${range.end}`])
  })

  it('beyond the end are refused', async () => {
    const { bytes } = watched()
    await assert.rejects(inWindows(bytes).read({ start: SIZE - 5, end: SIZE + 5 }), RangeError)
  })

  it('stream a range to its end', async () => {
    const { bytes } = watched()
    const pieces: Uint8Array[] = []
    for await (const piece of inWindows(bytes).stream({ start: 3, end: SIZE - 3 })) {
      pieces.push(piece)
    }
    assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), content.slice(3, SIZE - 3))
  })

  it('that could not be read once are asked for again', async () => {
    const { bytes } = watched()
    let isBroken = true
    const read: StoredBytes['read'] = async (range) => {
      if (isBroken) throw new Error('broken')
      return bytes.read(range)
    }
    const near = inWindows({ ...bytes, read })
    await assert.rejects(near.read({ start: 0, end: 4 }), { message: 'broken' })
    isBroken = false
    assert.deepEqual(await near.read({ start: 0, end: 4 }), content.slice(0, 4))
  })
})

describe('bytes of a file', () => {
  const path = join(temporaryFolder(), 'file')
  writeFileSync(path, content)
  const file = fileBytes(path, SIZE)

  it('are read by range, and not beyond its end', async () => {
    assert.deepEqual(await file.read({ start: 10, end: 20 }), content.slice(10, 20))
    await assert.rejects(file.read({ start: SIZE - 5, end: SIZE + 5 }), RangeError)
  })

  it('are streamed, whole or a range', async () => {
    for (const range of [undefined, { start: 7, end: SIZE - 7 }]) {
      const pieces: Uint8Array[] = []
      for await (const piece of file.stream(range)) pieces.push(piece)
      const { start, end } = range ?? { start: 0, end: SIZE }
      assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), content.slice(start, end))
    }
  })
})
