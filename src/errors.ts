/** What went wrong, as a stable string a program may switch on. */
export type DriftErrorCode =
  | 'image.undecodable'
  | 'image.shape'
  | 'image.values'
  | 'image.too-large'
  | 'model-outputs.invalid'
  | 'source.empty'
  | 'source.unreadable'
  | 'source.duplicate-id'
  | 'source.unsafe-path'
  | 'artifact.corrupt'
  | 'artifact.version'
  | 'config.invalid'
  | 'data.insufficient'
  | 'runtime.unavailable'
  | 'resource.closed'
  | 'resource.busy'
  | 'resource.unavailable'
  | 'output.unwritable'
  | 'cancelled'

export type DriftErrorOptions = {
  /** One sentence on how to mend it. */
  readonly hint?: string | undefined
  /** True when the same call may succeed later. */
  readonly retryable?: boolean | undefined
  readonly cause?: unknown
}

/** An error the user can act on; its message says what, got, expected and where. */
export class DriftError extends Error {
  readonly code: DriftErrorCode
  readonly hint: string | undefined
  readonly retryable: boolean

  constructor(code: DriftErrorCode, message: string, options: DriftErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'DriftError'
    this.code = code
    this.hint = options.hint
    this.retryable = options.retryable ?? false
  }
}

/** Throws `DriftError('cancelled')` once `signal` is aborted. */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) {
    throw new DriftError('cancelled', 'cancelled', { cause: signal.reason })
  }
}
