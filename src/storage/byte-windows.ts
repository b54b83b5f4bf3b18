import type { StoredBytes } from './stored-bytes.ts'

/** Small reads are answered from windows of this size. */
const WINDOW_BYTES = 1 << 18
/** Windows kept, the latest used. */
const MOST_WINDOWS = 16

/** The same bytes for who reads many small pieces close together: each request costs tens of milliseconds. */
export function inWindows(bytes: StoredBytes): StoredBytes {
  const windows = new Map<number, Promise<Uint8Array<ArrayBuffer>>>()
  const windowAt = async (number: number): Promise<Uint8Array<ArrayBuffer>> => {
    const start = number * WINDOW_BYTES
    const end = Math.min(bytes.size, start + WINDOW_BYTES)
    const kept = windows.get(number) ?? bytes.read({ start, end })
    windows.delete(number)
    windows.set(number, kept)
    const [oldest] = windows.keys()
    if (windows.size > MOST_WINDOWS) windows.delete(oldest)
    return kept.catch((error: unknown) => {
      windows.delete(number)
      throw error
    })
  }
  const read: StoredBytes['read'] = async ({ start, end }) => {
    if (end - start > WINDOW_BYTES) return bytes.read({ start, end })
    if (start < 0 || end > bytes.size) throw new RangeError(`${bytes.location} ends before ${end}`)
    const wanted = new Uint8Array(Math.max(0, end - start))
    for (let at = start; at < end;) {
      const number = Math.floor(at / WINDOW_BYTES)
      const from = at - number * WINDOW_BYTES
      const piece = (await windowAt(number)).subarray(from, from + end - at)
      wanted.set(piece, at - start)
      at += piece.length
    }
    return wanted
  }
  return {
    ...bytes,
    read,
    stream: async function* stream({ start, end } = { start: 0, end: bytes.size }) {
      for (let at = start; at < end; at += WINDOW_BYTES) {
        yield await read({ start: at, end: Math.min(end, at + WINDOW_BYTES) })
      }
    },
  }
}
