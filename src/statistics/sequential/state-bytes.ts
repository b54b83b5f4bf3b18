/** A state made of typed arrays alone. */
export type ArrayState = Readonly<
  Record<string, Float64Array | Float32Array | Int32Array | Uint16Array | Uint8Array>
>

/** The numbers of a state one after another, as this machine stores them; lengths and names are those of the state. */
export function stateToBytes(state: ArrayState): Uint8Array<ArrayBuffer> {
  const parts = Object.values(state).map(bytesOf)
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Fills a state of the same sizes with what was written; throws RangeError where the sizes differ. */
export function stateFromBytes<State extends ArrayState>(bytes: Uint8Array, state: State): State {
  const parts = Object.values(state).map(bytesOf)
  const size = parts.reduce((sum, { length }) => sum + length, 0)
  if (bytes.length !== size) throw new RangeError(`expected ${size} bytes, got ${bytes.length}`)
  let at = 0
  for (const part of parts) {
    part.set(bytes.subarray(at, at + part.length))
    at += part.length
  }
  return state
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayState[string]): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength)
