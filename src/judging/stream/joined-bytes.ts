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
  if (bytes.length < LENGTH) throw damagedState()
  let at = LENGTH + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  let list: unknown
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH, at)))
  } catch {
    throw damagedState()
  }
  if (!Array.isArray(list)) throw damagedState()
  const pieces = list.map((entry: [string, number]): [string, Uint8Array] => {
    const [name, length] = entry
    const piece = bytes.subarray(at, at + length)
    if (piece.length !== length) throw damagedState()
    at += length
    return [name, piece]
  })
  if (at !== bytes.length) throw damagedState()
  return pieces
}

/** The error of bytes that are no state, or not all of one. */
export const damagedState = (): DriftError =>
  new DriftError(
    'artifact.corrupt',
    'expected the state of a stream, got another or a damaged file',
  )
