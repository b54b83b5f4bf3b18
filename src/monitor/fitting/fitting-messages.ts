import type { SentKind } from '../../images/index.ts'

/** Reference images: a body that was spooled, or a folder of files. */
export type FitSource =
  | {
      readonly path: string
      readonly kinds: readonly SentKind[]
      readonly column?: string | undefined
      readonly layout?: 'NCHW' | 'NHWC' | undefined
    }
  | { readonly folder: string }

/** What is fitted, and where its file goes. */
export type FitTask = {
  readonly source: FitSource
  readonly epochs?: number | undefined
  readonly out: string
  readonly pixelLimit: number
  readonly memoryBytes: number
}

/** `start` begins, and `look` asks how far it is. */
export type FitRequest =
  | { readonly kind: 'start'; readonly task: FitTask }
  | { readonly kind: 'look' }

/** How far a fit is; `total` 0 while it is unknown. */
export type FitStage = {
  readonly stage: 'reading' | 'training' | 'measuring'
  readonly done: number
  readonly total: number
}

/** What it has come to. */
export type FitAnswer =
  | { readonly state: 'running'; readonly stage: FitStage }
  | { readonly state: 'done' }
