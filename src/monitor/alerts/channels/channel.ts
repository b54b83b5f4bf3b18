import type { AlertMessage } from '../alert-message.ts'

/** A way to tell somebody. */
export type AlertChannel = {
  /** Resolves once it was delivered; throws UndeliveredError otherwise. */
  send(message: AlertMessage, signal: AbortSignal): Promise<void>
}

/** A message was not delivered. */
export class UndeliveredError extends Error {
  /** Trying again would not help. */
  readonly isFinal: boolean

  constructor(message: string, { isFinal = false, cause }: UndeliveredOptions = {}) {
    super(message, { cause })
    this.isFinal = isFinal
  }
}

type UndeliveredOptions = { readonly isFinal?: boolean; readonly cause?: unknown }
