import { DriftError } from '../errors.ts'
import type { ImageShape } from '../images/index.ts'

/** What `Representation.save` returns and its loader takes. */
export type SavedFiles = ReadonlyMap<string, Uint8Array>

/** UTF-8 JSON. */
export function encodeJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value))
}

/** The JSON object stored under `name`; throws DriftError('artifact.corrupt') when there is none. */
export function decodeJson(files: SavedFiles, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(requireFile(files, name)))
    if (typeof value === 'object' && value !== null) return { ...value }
  } catch (cause) {
    if (cause instanceof DriftError) throw cause
    throw new DriftError('artifact.corrupt', `expected JSON in ${name}, got other text`, { cause })
  }
  throw new DriftError('artifact.corrupt', `expected a JSON object in ${name}, got another value`)
}

/** Little-endian float32. */
export function encodeFloats(values: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < values.length; i++) view.setFloat32(4 * i, values[i], true)
  return bytes
}

/** The `count` float32 numbers stored under `name`; throws DriftError('artifact.corrupt') on another size. */
export function decodeFloats(files: SavedFiles, name: string, count: number): Float32Array {
  const bytes = requireFile(files, name)
  if (bytes.byteLength !== 4 * count) {
    throw new DriftError(
      'artifact.corrupt',
      `expected ${4 * count} bytes in ${name}, got ${bytes.byteLength}`,
    )
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true))
}

/** A positive integer stored under `key`; throws DriftError('artifact.corrupt') otherwise. */
export function requireCount(saved: Readonly<Record<string, unknown>>, key: string): number {
  const value = saved[key]
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  throw new DriftError(
    'artifact.corrupt',
    `expected a positive integer as ${key}, got ${String(value)}`,
  )
}

/** The shape stored by `{ ...shape }`. */
export function requireShape(saved: Readonly<Record<string, unknown>>): ImageShape {
  return {
    channels: requireCount(saved, 'channels'),
    height: requireCount(saved, 'height'),
    width: requireCount(saved, 'width'),
  }
}

/** The bytes stored under `name`; throws DriftError('artifact.corrupt') when there are none. */
export function requireFile(files: SavedFiles, name: string): Uint8Array {
  const bytes = files.get(name)
  if (bytes === undefined) {
    throw new DriftError(
      'artifact.corrupt',
      `expected a file ${name}, got ${[...files.keys()].join(', ')}`,
    )
  }
  return bytes
}
