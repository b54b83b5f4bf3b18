import { DriftError, type DriftErrorCode } from '../../errors.ts'
import { isUnavailable } from '../store/index.ts'

/** Codes of what is wrong with a request. */
export type ProblemCode =
  | 'request.invalid'
  | 'request.unauthenticated'
  | 'request.forbidden'
  | 'request.not-found'
  | 'request.conflict'
  | 'request.too-large'
  | 'request.unsupported'
  | 'request.too-many'
  | 'service.failed'

/** A request that can't be answered as it was asked; becomes a problem of RFC 9457. */
export class Problem extends Error {
  readonly status: number
  readonly code: ProblemCode
  readonly hint: string | undefined

  // oxlint-disable-next-line eslint/max-params -- as DriftError, with a status before
  constructor(status: number, code: ProblemCode, message: string, hint?: string) {
    super(message)
    this.status = status
    this.code = code
    this.hint = hint
  }
}

/** A problem as it is sent (RFC 9457), with a code for programs and a hint for people. */
export type SentProblem = {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly hint?: string | undefined
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Not authenticated',
  403: 'Not allowed',
  404: 'Not found',
  408: 'Too slow',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Not usable',
  429: 'Too many requests',
  431: 'Headers too large',
  500: 'Failed',
  503: 'Busy',
}

/** What an error says to who asked; of what is the service's own fault only that there is one. */
export function problemOf(error: unknown): SentProblem {
  if (error instanceof Problem) return sent(error.status, error.code, error.message, error.hint)
  if (error instanceof DriftError) {
    return sent(statusOf(error.code), error.code, error.message, error.hint)
  }
  if (isUnavailable(error)) {
    return sent(503, 'resource.unavailable', 'the database does not answer', 'Send it again later.')
  }
  const { statusCode = 500, message } = error as { statusCode?: number; message: string }
  if (statusCode >= 500) {
    return sent(500, 'service.failed', 'the service failed; its log says why')
  }
  const code =
    statusCode === 413
      ? 'request.too-large'
      : statusCode === 415
        ? 'request.unsupported'
        : 'request.invalid'
  return sent(statusCode, code, message)
}

// oxlint-disable-next-line eslint/max-params -- the fields of one small record
function sent(status: number, code: string, detail: string, hint?: string): SentProblem {
  const title = TITLES[status] ?? 'Problem'
  return { type: 'about:blank', title, status, detail, code, ...(hint !== undefined && { hint }) }
}

function statusOf(code: DriftErrorCode): number {
  switch (code) {
    case 'resource.busy':
    case 'resource.closed':
    case 'resource.unavailable':
    case 'cancelled':
      return 503
    case 'config.invalid':
    case 'image.undecodable':
    case 'image.shape':
    case 'image.values':
    case 'image.too-large':
    case 'model-outputs.invalid':
    case 'source.empty':
    case 'source.duplicate-id':
    case 'artifact.corrupt':
    case 'artifact.version':
    case 'data.insufficient':
      return 422
    case 'source.unreadable':
    case 'source.unsafe-path':
    case 'runtime.unavailable':
    case 'output.unwritable':
      return 500
  }
}
