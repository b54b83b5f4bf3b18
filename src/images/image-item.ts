import type { DriftError } from '../errors.ts'
import type { ImageRecord } from './image-source.ts'
import type { RawPixels } from './raw-pixels.ts'
import type { ModelOutputRow } from './model-outputs/collect-model-outputs.ts'

/** What a source yields for one image: bytes, a file to read, raw pixels, or why there is none. */
export type ImageItem = { readonly record: ImageRecord; readonly modelOutputs?: ModelOutputRow } &
  /** `isSingle`: it counts as one picture, whatever is in it. */
  (
    | { readonly encoded: Uint8Array; readonly page?: number; readonly isSingle?: true }
    | { readonly file: string | Buffer }
    | { readonly pixels: RawPixels }
    /** `isPassedOver`: it was not asked for, and nothing was read. */
    | { readonly error: DriftError; readonly isPassedOver?: true }
  )
