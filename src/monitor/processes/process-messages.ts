import { DriftError, type DriftErrorCode } from '../../errors.ts'

/** What a process says first: whatever ends it from now on is a question's doing. */
export const READY = 'ready'

/** What a process is asked. */
export type Question<Request> = { readonly id: number; readonly request: Request }

/** What it answers. */
export type Reply<Answer> =
  | { readonly id: number; readonly answer: Answer }
  | { readonly id: number; readonly error: ToldError }

type ToldError = {
  readonly code?: DriftErrorCode | undefined
  readonly message: string
  readonly hint?: string | undefined
}

/** An error as it travels. */
export function tellError(error: unknown): ToldError {
  if (error instanceof DriftError) {
    const { code, message, hint } = error
    return { code, message, hint }
  }
  return { message: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}

/** The same here. */
export function readError({ code, message, hint }: ToldError): Error {
  return code === undefined ? new Error(message) : new DriftError(code, message, { hint })
}
