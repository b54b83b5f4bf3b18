import type { DriftError } from '../errors.ts'
import type { ImageRecord } from './image-source.ts'
import type { RawPixels } from './raw-pixels.ts'
import type { GivenRow } from './vectors/collect-vectors.ts'

/** What a source yields for one image: bytes, a file to read, raw pixels, or why there is none. */
export type ImageItem = { readonly record: ImageRecord; readonly given?: GivenRow } & (
  | { readonly encoded: Uint8Array; readonly page?: number }
  | { readonly file: string | Buffer }
  | { readonly pixels: RawPixels }
  | { readonly error: DriftError }
)
