import { DriftError } from '../../errors.ts'
import type { ByteReader } from './byte-reader.ts'
import type { NumberType } from './number-type.ts'

/** What stands in front of an IDX array. */
export type IdxHeader = {
  readonly shape: readonly number[]
  readonly type: NumberType
  /** Bytes in front of the first value. */
  readonly dataOffset: number
}

const TYPES: Readonly<Record<number, NumberType>> = {
  0x08: { kind: 'unsigned', bytes: 1, bigEndian: true },
  0x09: { kind: 'integer', bytes: 1, bigEndian: true },
  0x0b: { kind: 'integer', bytes: 2, bigEndian: true },
  0x0c: { kind: 'integer', bytes: 4, bigEndian: true },
  0x0d: { kind: 'float', bytes: 4, bigEndian: true },
  0x0e: { kind: 'float', bytes: 8, bigEndian: true },
}

/** True for the first four bytes of an IDX file: two zeros, a type code, the number of axes. */
export function isIdx(head: Uint8Array): boolean {
  const [zero, alsoZero, code = 0, axes = 0] = head
  return zero === 0 && alsoZero === 0 && TYPES[code] !== undefined && axes >= 1 && axes <= 4
}

/** Reads an IDX header (MNIST's format) and leaves the reader at the first value. */
export async function readIdxHeader(reader: ByteReader, location: string): Promise<IdxHeader> {
  const start = await reader.read(4)
  const type = TYPES[start[2] ?? 0]
  if (start.length < 4 || !isIdx(start) || type === undefined) {
    throw new DriftError(
      'source.unreadable',
      `expected an IDX array, got something else: ${location}`,
    )
  }
  const axes = start[3]
  const lengths = Buffer.from(await reader.read(axes * 4))
  if (lengths.length < axes * 4) {
    throw new DriftError('source.unreadable', `${location} is truncated inside its IDX header`)
  }
  const shape = Array.from({ length: axes }, (_, axis) => lengths.readUInt32BE(axis * 4))
  return { shape, type, dataOffset: 4 + axes * 4 }
}
