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
  const damaged = new DriftError(
    'artifact.corrupt',
    'expected the state of a stream, got another or a damaged file',
  )
  if (bytes.length < LENGTH) throw damaged
  let at = LENGTH + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  let list: unknown
  try {
    list = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(LENGTH, at)))
  } catch {
    throw damaged
  }
  if (!Array.isArray(list)) throw damaged
  const pieces = list.map((entry: [string, number]): [string, Uint8Array] => {
    const [name, length] = entry
    const piece = bytes.subarray(at, at + length)
    if (piece.length !== length) throw damaged
    at += length
    return [name, piece]
  })
  if (at !== bytes.length) throw damaged
  return pieces
}
