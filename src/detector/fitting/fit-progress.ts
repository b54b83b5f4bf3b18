/** What a fit is doing; `done` and `total` count images (`total` 0 while unknown). */
export type FitProgress = {
  readonly stage: 'reading' | 'training' | 'measuring'
  readonly done: number
  readonly total: number
  readonly epoch?: number
  readonly epochs?: number
  readonly trainingLoss?: number
  readonly validationLoss?: number
}

/** How a fit is watched and ended. */
export type FitWatch = {
  /** Ends the fit with DriftError('cancelled') once it is aborted. Default: nothing does. */
  readonly signal?: AbortSignal
  /** Called after every batch of images. */
  readonly onProgress?: (progress: FitProgress) => void
}
