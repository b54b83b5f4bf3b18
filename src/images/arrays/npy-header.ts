import { DriftError } from '../../errors.ts'
import type { ByteReader } from './byte-reader.ts'
import type { NumberType } from './number-type.ts'

/** Text or date columns an NPY file may hold beside numbers. */
export type TextType = { readonly kind: 'unicode' | 'bytes' | 'date'; readonly bytes: number } & {
  readonly bigEndian: boolean
  /** Unit of a date, e.g. `ns`. */
  readonly unit?: string
}

/** What stands in front of an NPY array. */
export type NpyHeader = {
  readonly shape: readonly number[]
  readonly type: NumberType | TextType
  /** First axis fastest. */
  readonly fortranOrder: boolean
  /** Bytes in front of the first value. */
  readonly dataOffset: number
}

const MAGIC = '\x93NUMPY'

/** Reads an NPY header (format 1.0 to 3.0) and leaves the reader at the first value. */
export async function readNpyHeader(reader: ByteReader, location: string): Promise<NpyHeader> {
  const start = Buffer.from(await reader.read(8))
  if (start.length < 8 || start.toString('latin1', 0, 6) !== MAGIC) {
    throw malformed(location, 'the NPY signature is missing')
  }
  const lengthBytes = start[6] === 1 ? 2 : 4
  const sized = Buffer.from(await reader.read(lengthBytes))
  if (sized.length < lengthBytes) throw malformed(location, 'it ends inside the header')
  const length = sized.readUIntLE(0, lengthBytes)
  if (length > 1 << 20) throw malformed(location, `its header claims ${length} bytes`)
  const text = Buffer.from(await reader.read(length)).toString('latin1')
  if (text.length < length) throw malformed(location, 'it ends inside the header')
  const dataOffset = 8 + lengthBytes + length
  return { ...parseHeader(text, location), dataOffset }
}

/** True when the array holds numbers rather than text or dates. */
export function isNumberType(type: NumberType | TextType): type is NumberType {
  return type.kind !== 'unicode' && type.kind !== 'bytes' && type.kind !== 'date'
}

function parseHeader(text: string, location: string): Omit<NpyHeader, 'dataOffset'> {
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1]
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1]
  const shape = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1]
  if (descr === undefined || order === undefined || shape === undefined) {
    throw malformed(location, `its header is ${JSON.stringify(text.trim().slice(0, 100))}`)
  }
  const axes = shape
    .split(',')
    .map((axis) => axis.trim())
    .filter((axis) => axis !== '')
    .map(Number)
  return { type: parseType(descr, location), fortranOrder: order === 'True', shape: axes }
}

function parseType(descr: string, location: string): NumberType | TextType {
  const match = /^([<>|=])([?buifUSM])(\d*)(?:\[(\w+)\])?$/.exec(descr)
  if (!match) throw unsupported(descr, location)
  const [, order, code = '', digits, unit] = match
  const bigEndian = order === '>'
  const size = digits === undefined || digits === '' ? 1 : Number(digits)
  if (code === 'U') return { kind: 'unicode', bytes: size * 4, bigEndian }
  if (code === 'S') return { kind: 'bytes', bytes: size, bigEndian }
  if (code === 'M') return { kind: 'date', bytes: size, bigEndian, unit: unit ?? 'ns' }
  const kinds = { '?': 'bool', b: 'bool', u: 'unsigned', i: 'integer', f: 'float' } as const
  const kind = kinds[code as keyof typeof kinds]
  const smallest = kind === 'float' ? 2 : 1
  if ((size === 1 || size === 2 || size === 4 || size === 8) && size >= smallest) {
    return { kind, bytes: size, bigEndian }
  }
  throw unsupported(descr, location)
}

function unsupported(descr: string, location: string): DriftError {
  return new DriftError(
    'source.unreadable',
    `expected numbers, text or dates, got NumPy type '${descr}' in ${location}`,
    {
      hint: 'Save the array with a plain dtype such as uint8 or float32; pickled objects are never loaded.',
    },
  )
}

function malformed(location: string, detail: string): DriftError {
  return new DriftError('source.unreadable', `expected an NPY array in ${location}, but ${detail}`)
}
