import { DriftError } from '../../errors.ts'
import type { RawPixels } from '../raw-pixels.ts'

/** How one number of an array file is stored. */
export type NumberType = {
  readonly kind: 'bool' | 'unsigned' | 'integer' | 'float'
  readonly bytes: 1 | 2 | 4 | 8
  readonly bigEndian: boolean
}

/** `uint8`, `float32 big-endian`, … for messages. */
export function describeNumberType({ kind, bytes, bigEndian }: NumberType): string {
  const names = { bool: 'bool', unsigned: 'uint', integer: 'int', float: 'float' }
  const size = kind === 'bool' ? '' : String(bytes * 8)
  return `${names[kind]}${size}${bigEndian && bytes > 1 ? ' big-endian' : ''}`
}

/** Every value as a double; 64-bit integers beyond 2⁵³ lose their last digits. */
export function readNumbers(type: NumberType, bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = numberReader(type, view)
  const numbers = new Float64Array(bytes.byteLength / type.bytes)
  for (let i = 0; i < numbers.length; i++) numbers[i] = read(i * type.bytes)
  return numbers
}

/**
 * Stored numbers as pixels. Rule: uint8 /255, uint16 /65535, bool 0 or 1, floats as they are (checked
 * later to lie in [0, 1]), but a byte's 255th that was rounded to the type is that 255th again; every other integer type
 * must hold 0..255 and is divided by 255.
 */
export function toPixelData(type: NumberType, bytes: Uint8Array, where: string): RawPixels['data'] {
  if (type.kind === 'unsigned' && type.bytes === 1) return bytes
  if (type.kind === 'bool') return bytes.map((value) => (value === 0 ? 0 : 255))
  const numbers = readNumbers(type, bytes)
  if (type.kind === 'float')
    return Float32Array.from(numbers, type.bytes === 2 ? unrounded : snapped)
  if (type.kind === 'unsigned' && type.bytes === 2) return Uint16Array.from(numbers)
  const outside = numbers.find((value) => value < 0 || value > 255)
  if (outside === undefined) return Uint8Array.from(numbers)
  throw new DriftError(
    'image.values',
    `expected ${describeNumberType(type)} pixels in 0..255, got ${outside} in ${where}`,
    { hint: 'Store the pixels as uint8 (0..255), uint16 (0..65535) or floats in [0, 1].' },
  )
}

/** Division by 255 in single precision, in whatever order, errs by less than this. */
const SINGLE_ERROR = 1e-6

function snapped(value: number): number {
  return toByte(value, SINGLE_ERROR)
}

/** Half precision has 11 bits: the nearest is at most a 4096th of the value away. */
function unrounded(value: number): number {
  return toByte(value, Math.max(Math.abs(value), 2 ** -14) * 2 ** -11)
}

/** The 255th within `error` of the value, if there is one, else the value. */
function toByte(value: number, error: number): number {
  const nearest = Math.round(value * 255) / 255
  return Math.abs(value - nearest) <= error ? nearest : value
}

function numberReader(type: NumberType, view: DataView): (offset: number) => number {
  const little = !type.bigEndian
  switch (`${type.kind}${type.bytes}`) {
    case 'integer1':
      return (at) => view.getInt8(at)
    case 'integer2':
      return (at) => view.getInt16(at, little)
    case 'integer4':
      return (at) => view.getInt32(at, little)
    case 'integer8':
      return (at) => Number(view.getBigInt64(at, little))
    case 'unsigned2':
      return (at) => view.getUint16(at, little)
    case 'unsigned4':
      return (at) => view.getUint32(at, little)
    case 'unsigned8':
      return (at) => Number(view.getBigUint64(at, little))
    case 'float2':
      return (at) => halfToNumber(view.getUint16(at, little))
    case 'float4':
      return (at) => view.getFloat32(at, little)
    case 'float8':
      return (at) => view.getFloat64(at, little)
    default:
      return (at) => view.getUint8(at)
  }
}

/** IEEE 754 binary16; Node 22 has no `getFloat16`. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
