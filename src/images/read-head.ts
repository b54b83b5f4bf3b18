import { closeSync, openSync, readSync } from 'node:fs'

/** At most `count` bytes of a file from `start` on; none where it can't be read. */
export function readHeadSync(path: string | Buffer, count: number, start = 0): Uint8Array {
  const head = new Uint8Array(count)
  let file: number | undefined
  try {
    file = openSync(path, 'r')
    return head.subarray(0, readSync(file, head, 0, count, start))
  } catch {
    return head.subarray(0, 0)
  } finally {
    if (file !== undefined) closeSync(file)
  }
}
