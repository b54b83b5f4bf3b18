import { DriftError } from '../errors.ts'
import type { FileFacts } from '../file-properties.ts'
import type { DecodeOptions } from './codec/decode.ts'
import type { ImageItem } from './image-item.ts'
import type { ImageShape } from './image-source.ts'
import type { PreparedItem } from './prepare-item.ts'
import type { RawPixels } from './raw-pixels.ts'

/** A file to read and decode, by its path or its bytes. */
export type SentItem = { readonly id: string } & (
  | { readonly file: string | Uint8Array }
  | { readonly encoded: Uint8Array }
)

/** Items for one thread. */
export type Request = { readonly items: readonly SentItem[]; readonly form: DecodeOptions }

/** What became of an item: its values from `start` on, or an error's parts. */
export type Returned =
  | {
      readonly shape: ImageShape
      readonly layout: RawPixels['layout']
      readonly type: keyof typeof NUMBERS
      readonly start: number
      readonly length: number
      readonly facts: FileFacts
    }
  | {
      readonly code: DriftError['code']
      readonly message: string
      readonly hint?: string | undefined
    }

/** All values in one piece of memory; `read` is how many bytes the files had. */
export type Answer = {
  readonly results: readonly Returned[]
  readonly values: ArrayBuffer
  readonly read: number
}

const NUMBERS = { bytes: Uint8Array, shorts: Uint16Array, floats: Float32Array } as const

/** What a thread found of `items`, with the records that stayed here. */
export function unpack({ results, values }: Answer, items: readonly ImageItem[]): PreparedItem[] {
  return results.map((result, i) => {
    const { record } = items[i]
    if ('code' in result) {
      const { code, message, hint } = result
      const error = new DriftError(code, message, hint === undefined ? {} : { hint })
      return { record, bytes: 0, error }
    }
    const { shape, layout, type, start, length, facts } = result
    const data = new NUMBERS[type](values, start, length)
    return { record, bytes: data.byteLength, pixels: { shape, layout, data }, facts }
  })
}

/** An item as a thread got it. */
export function received({ id, ...item }: SentItem): ImageItem {
  const record = { id }
  if ('encoded' in item) return { record, ...item }
  return { record, file: typeof item.file === 'string' ? item.file : Buffer.from(item.file) }
}

/** What became of items, all values in one piece of memory. */
export function pack(found: readonly PreparedItem[]): Pick<Answer, 'results' | 'values'> {
  // The largest numbers ask for addresses that are multiples of four.
  const room = (bytes: number): number => (bytes + 3) & ~3
  const values = new ArrayBuffer(found.reduce((sum, one) => sum + room(bytesOf(one)), 0))
  let start = 0
  const results = found.map((prepared): Returned => {
    if ('error' in prepared) {
      const { code, message, hint } = prepared.error
      return { code, message, hint }
    }
    const { facts } = prepared
    const { shape, layout, data } = prepared.pixels
    const type =
      data instanceof Uint8Array ? 'bytes' : data instanceof Uint16Array ? 'shorts' : 'floats'
    new NUMBERS[type](values, start, data.length).set(data)
    const result = { shape, layout, type, start, length: data.length, facts } as const
    start += room(data.byteLength)
    return result
  })
  return { results, values }
}

const bytesOf = (prepared: PreparedItem): number =>
  'pixels' in prepared ? prepared.pixels.data.byteLength : 0
