import { open } from 'node:fs/promises'

/** A regular file of an archive. */
export type TarFile = {
  readonly path: string
  readonly bytes: Uint8Array
}

const BLOCK = 512

/** Regular files of a plain ustar archive, in order; the archive is trusted (a data set of our own). */
export async function* readTarFiles(archive: string): AsyncGenerator<TarFile> {
  const file = await open(archive)
  try {
    const header = Buffer.alloc(BLOCK)
    let position = 0
    for (;;) {
      const { bytesRead } = await file.read(header, 0, BLOCK, position)
      if (bytesRead < BLOCK || header[0] === 0) return
      const size = Number.parseInt(text(header, 124, 12), 8)
      position += BLOCK
      if (header[156] === 0x30 || header[156] === 0) {
        const bytes = Buffer.alloc(size)
        await file.read(bytes, 0, size, position)
        yield { path: text(header, 0, 100), bytes }
      }
      position += Math.ceil(size / BLOCK) * BLOCK
    }
  } finally {
    await file.close()
  }
}

function text(header: Buffer, start: number, length: number): string {
  return header
    .toString('latin1', start, start + length)
    .replace(/\0.*$/s, '')
    .trim()
}
