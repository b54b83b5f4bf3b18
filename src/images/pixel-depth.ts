import type { PixelDepth } from './image-source.ts'
import type { RawPixels } from './raw-pixels.ts'

/** A float this far from a whole number of 255ths is that number, divided in single precision. */
const SINGLE_ERROR = 1e-4

/** 8 where every value is that of a byte, whatever type holds it; else 16. */
export function depthOf({ data }: RawPixels): PixelDepth {
  if (data instanceof Uint8Array) return 8
  if (data instanceof Uint16Array) return data.every((value) => value % 257 === 0) ? 8 : 16
  const isByte = (value: number): boolean =>
    Math.abs(value * 255 - Math.round(value * 255)) <= SINGLE_ERROR
  return data.every(isByte) ? 8 : 16
}

/** The values rounded to bytes. */
export function toBytes(data: RawPixels['data']): Uint8Array {
  if (data instanceof Uint8Array) return data
  const factor = data instanceof Uint16Array ? 1 / 257 : 255
  return roundTo(new Uint8Array(data.length), data, factor)
}

/** The values rounded to 16 bits; a byte's are 257 times as large. */
export function toShorts(data: RawPixels['data']): Uint16Array {
  if (data instanceof Uint16Array) return data
  const factor = data instanceof Uint8Array ? 257 : 65_535
  return roundTo(new Uint16Array(data.length), data, factor)
}

function roundTo<T extends Uint8Array | Uint16Array>(
  target: T,
  data: RawPixels['data'],
  factor: number,
): T {
  const largest = target instanceof Uint8Array ? 255 : 65_535
  for (let i = 0; i < data.length; i++) {
    target[i] = Math.round(Math.min(largest, Math.max(0, data[i] * factor)))
  }
  return target
}
