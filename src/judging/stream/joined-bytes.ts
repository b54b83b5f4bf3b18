import { DriftError } from '../../errors.ts'

const LENGTH = 4

/** Named pieces as one: the length of a list of names and sizes in JSON, that list, the pieces. */
export function joinBytes(
  pieces: readonly (readonly [name: string, bytes: Uint8Array])[],
): Uint8Array<ArrayBuffer> {
  const list = pieces.map(([name, { length }]) => [name, length])
  const head = new TextEncoder().encode(JSON.stringify(list))
  const total = pieces.reduce((sum, [, { length }]) => sum + length, LENGTH + head.length)
  const joined = new Uint8Array(total)
  new DataView(joined.buffer).setUint32(0, head.length, true)
  joined.set(head, LENGTH)
  let at = LENGTH + head.length
  for (const [, bytes] of pieces) {
    joined.set(bytes, at)
    at += bytes.length
  }
  return joined
}

/** The pieces again; throws DriftError('artifact.corrupt') where they are not whole. */
export function splitBytes(bytes: Uint8Array): [name: string, bytes: Uint8Array][] {
  try {
    return readPieces(bytes)
  } catch {
    throw damagedState()
  }
}

function readPieces(bytes: Uint8Array): [name: string, bytes: Uint8Array][] {
  const { buffer, byteOffset, byteLength } = bytes
  let at = LENGTH + new DataView(buffer, byteOffset, byteLength).getUint32(0, true)
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH, at))
  const list = JSON.parse(text) as [name: string, length: number][]
  const pieces = list.map(([name, length]): [string, Uint8Array] => {
    const piece = bytes.subarray(at, at + length)
    if (piece.length !== length) throw new RangeError(`expected ${length} bytes of ${name}`)
    at += length
    return [name, piece]
  })
  if (at !== byteLength) throw new RangeError(`expected ${at} bytes, got ${byteLength}`)
  return pieces
}

/** The error of bytes that are no state, or not all of one. */
export const damagedState = (): DriftError =>
  new DriftError(
    'artifact.corrupt',
    'expected the state of a stream, got another or a damaged file',
  )
