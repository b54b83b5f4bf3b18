import { DriftError } from '../../errors.ts'
import type { Tensor } from '../../tensor/index.ts'
import { type ByteStream, readBytes } from './byte-reader.ts'
import { isNumberType, type NpyHeader } from './npy-header.ts'
import { describeNumberType, type NumberType, readNumbers } from './number-type.ts'

/** Rows of numbers of equal length, one per image. */
export type StoredRows = {
  readonly location: string
  readonly count: number
  readonly width: number
  /** All rows from the first on, some at a time; each piece holds whole rows. */
  pieces(): AsyncIterable<Float32Array>
}

/** Rows are read in pieces of about this many bytes. */
const PIECE_BYTES = 1 << 20

/** Rows already in memory, N×K. */
export function tensorRows({ shape, data }: Tensor): StoredRows {
  const [count = 0, width = 0] = shape
  if (shape.length !== 2) throw new RangeError(`expected N×K, got [${shape.join(', ')}]`)
  return {
    location: 'memory',
    count,
    width,
    pieces: async function* pieces() {
      yield data
    },
  }
}

/** An NPY array of floats N×K, or N for one number each; in Fortran's order it is held in memory whole. */
export function npyRows(
  header: NpyHeader,
  location: string,
  open: () => Promise<ByteStream>,
): StoredRows {
  const { shape, fortranOrder, dataOffset } = header
  const type = requireFloats(header, location)
  const [count = 0, width = 1] = shape
  if (shape.length === 0 || shape.length > 2 || width === 0) {
    throw new DriftError(
      'model-outputs.invalid',
      `expected N×K numbers, a row per image, got ${shape.join('×') || 'a single number'} in ${location}`,
      { hint: 'Reshape the array to one row per image before saving it.' },
    )
  }
  return {
    location,
    count,
    width,
    pieces: async function* pieces() {
      const rowBytes = width * type.bytes
      const perPiece = fortranOrder ? count : Math.max(1, Math.floor(PIECE_BYTES / rowBytes))
      const reader = readBytes(await open(), location)
      try {
        await reader.read(dataOffset)
        for (let row = 0; row < count; row += perPiece) {
          const rows = Math.min(perPiece, count - row)
          const bytes = await reader.read(rows * rowBytes)
          if (bytes.length < rows * rowBytes) throw cutShort(location)
          const values = Float32Array.from(readNumbers(type, bytes))
          yield fortranOrder ? transposed(values, rows) : values
        }
      } finally {
        await reader.close()
      }
    },
  }
}

function requireFloats({ type }: NpyHeader, location: string): NumberType {
  if (isNumberType(type) && type.kind === 'float') return type
  const got = isNumberType(type) ? describeNumberType(type) : 'text or dates'
  throw new DriftError(
    'model-outputs.invalid',
    `expected float16, float32 or float64, got ${got} in ${location}`,
    { hint: "Class numbers are no outputs; save the model's own, as .astype('float32')." },
  )
}

function cutShort(location: string): DriftError {
  return new DriftError('source.unreadable', `${location} is truncated`, {
    hint: 'Copy or download the file again.',
  })
}

/** Column by column to row by row. */
function transposed(values: Float32Array, rows: number): Float32Array {
  const width = values.length / rows
  const out = new Float32Array(values.length)
  for (let row = 0, at = 0; row < rows; row++) {
    for (let k = 0; k < width; k++) out[at++] = values[k * rows + row]
  }
  return out
}
