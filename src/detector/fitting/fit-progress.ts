/** What a fit is doing; `done` and `total` count images (`total` 0 while unknown). */
export type FitProgress = {
  readonly stage: 'reading' | 'training' | 'measuring'
  readonly done: number
  readonly total: number
  readonly epoch?: number | undefined
  readonly epochs?: number | undefined
  readonly trainingLoss?: number | undefined
  readonly validationLoss?: number | undefined
}

/** How a fit is watched and ended. */
export type FitWatch = {
  /** Ends the fit with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal | undefined
  /** Called after every batch of images. */
  readonly onProgress?: ((progress: FitProgress) => void) | undefined
}
