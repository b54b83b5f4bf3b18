import { createHash } from 'node:crypto'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { DriftError } from '../../errors.ts'
import { Problem } from './problem.ts'

/** A body on the disk. */
export type SpooledBody = {
  readonly path: string
  /** SHA-256, in hexadecimal. */
  readonly digest: string
}

/** Writes a body into a file of its own, whose name nobody chose, for as long as `act` lasts; throws Problem(413) beyond `mostBytes`. */
export async function withSpooledBody<T>(
  body: Readable,
  mostBytes: number,
  act: (spooled: SpooledBody) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-body-')).catch(asNoRoom)
  try {
    const path = join(folder, 'body')
    const digest = await spool(body, path, mostBytes)
    return await act({ path, digest })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function spool(body: Readable, path: string, mostBytes: number): Promise<string> {
  const hash = createHash('sha256')
  let bytes = 0
  await using file = await open(path, 'wx', 0o600).catch(asNoRoom)
  // What is too much is refused, and the connection is to tell so.
  const chunks = body.iterator({ destroyOnReturn: false })
  for (;;) {
    const { value, done } = await chunks.next().catch(asEndedEarly)
    if (done === true) break
    const chunk = value as Buffer
    bytes += chunk.length
    if (bytes > mostBytes) throw tooLarge(mostBytes)
    hash.update(chunk)
    await file.appendFile(chunk).catch(asNoRoom)
  }
  if (bytes === 0) throw new Problem(400, 'request.invalid', 'expected images, got no bytes')
  return hash.digest('hex')
}

/** Of a body that says beforehand how long it is nothing need be read. */
export function requireBodyBytes(stated: string | undefined, mostBytes: number): void {
  if (stated !== undefined && Number(stated) > mostBytes) throw tooLarge(mostBytes)
}

function tooLarge(mostBytes: number): Problem {
  const message = `expected at most ${mostBytes} bytes of images at once`
  return new Problem(413, 'request.too-large', message, 'Send it in parts.')
}

function asEndedEarly(error: unknown): never {
  throw new Problem(400, 'request.invalid', `the body ended early: ${(error as Error).message}`)
}

function asNoRoom(cause: unknown): never {
  const { code } = cause as NodeJS.ErrnoException
  throw new DriftError(
    'resource.unavailable',
    `expected room for the body on the disk, got ${code}`,
    {
      hint: 'Send it again later.',
      retryable: true,
      cause,
    },
  )
}
