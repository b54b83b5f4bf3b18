import type { ImageRecord, ModelOutputName, SentKind } from '../../images/index.ts'

/** A body that was spooled to a file. */
export type Body = {
  readonly path: string
  /** What it may be. */
  readonly kinds: readonly SentKind[]
  /** Of several arrays or columns the one that holds the images. */
  readonly column?: string | undefined
  readonly layout?: 'NCHW' | 'NHWC' | undefined
  readonly limits: BodyLimits
}

/** What a body may hold. */
export type BodyLimits = {
  readonly images: number
  /** Of one picture file; larger ones are named. */
  readonly imageBytes: number
  /** Of all picture files together. */
  readonly bytes: number
  readonly pixels: number
}

/** A picture file, or why there is none. */
export type UnpackedImage = { readonly record: ImageRecord } & (
  | {
      readonly bytes: Uint8Array
      readonly outputs: { readonly [name in ModelOutputName]?: readonly number[] | undefined }
    }
  | { readonly code: string; readonly message: string }
)

/** `open` reads all of it once, so that a damaged one is known before anything of it is taken. */
export type UnpackRequest =
  | { readonly kind: 'open'; readonly body: Body }
  | { readonly kind: 'next' }

/** What is asked for; `lost`: the process has forgotten it. */
export type UnpackAnswer =
  | { readonly opened: { readonly isNamed: boolean } }
  /** None at the end. */
  | { readonly images: readonly UnpackedImage[] }
  | 'lost'
