import { DriftError } from '../errors.ts'
import { textOf } from './s3-xml.ts'

/** A service's answer; its body is XML where it is an error. */
export type S3Answer = {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
}

/** What was asked for, for messages. */
export type Asked = {
  readonly location: string
  readonly host: string
  readonly region: string
}

type Words = { readonly got: string; readonly hint?: string }

/** The service's own name for what went wrong, such as `AccessDenied`; of an answer without one, its status. */
export function codeOf({ status, body }: S3Answer): string {
  return textOf(Buffer.from(body).toString('utf8'), 'Code') ?? `status ${status}`
}

/** A refusal in words. */
export function refusalError(answer: S3Answer, asked: Asked): DriftError {
  const { got, hint } = describeRefusal(answer, asked)
  const message = `expected to read ${asked.location}, got ${got}`
  const retryable = isPassing(answer.status)
  return new DriftError('source.unreadable', message, { retryable, hint })
}

/** True for what may go by itself. */
export function isPassing(status: number): boolean {
  return status === 429 || status === 408 || status >= 500
}

const HINTS: Readonly<Record<string, string>> = {
  NoSuchBucket: 'Check the name of the bucket; AWS_ENDPOINT_URL names a service other than AWS.',
  AccessDenied:
    'The key needs the right to list the bucket and to read its objects (s3:ListBucket, s3:GetObject).',
  InvalidAccessKeyId: 'Check AWS_ACCESS_KEY_ID, and AWS_ENDPOINT_URL where the service is not AWS.',
  SignatureDoesNotMatch: 'Check AWS_SECRET_ACCESS_KEY.',
  ExpiredToken: 'Get new credentials: AWS_SESSION_TOKEN has run out.',
  InvalidToken: 'Check AWS_SESSION_TOKEN; it belongs to the two keys it came with.',
  RequestTimeTooSkewed: 'Set the clock of this machine.',
  InvalidObjectState: 'The object is archived; restore it first.',
}

function describeRefusal(answer: S3Answer, { host, region }: Asked): Words {
  const { status, headers } = answer
  const text = Buffer.from(answer.body).toString('utf8')
  const code = codeOf(answer)
  const right = headers.get('x-amz-bucket-region') ?? textOf(text, 'Region')
  const isElsewhere = status === 301 || status === 307 || code === 'AuthorizationHeaderMalformed'
  if (isElsewhere && right !== undefined && right !== region) {
    const got = `a bucket of the region ${right}, asked for in ${region}`
    return { got, hint: `Set AWS_REGION=${right}.` }
  }
  if (status === 412) {
    return { got: 'an object that changed while it was read', hint: 'Start again.' }
  }
  const known = HINTS[code]
  if (known !== undefined) return { got: `${code} from ${host}`, hint: known }
  if (status === 403) return { got: `${code} from ${host}`, hint: HINTS['AccessDenied'] }
  const said = textOf(text, 'Message')
  return { got: `${code} from ${host}${said ? ` (${said})` : ''}` }
}

/** No answer at all, in words. */
export function silenceError(cause: unknown, { location, host }: Asked): DriftError {
  const reason = reasonOf(cause)
  return new DriftError(
    'source.unreadable',
    `expected to read ${location}, got no answer from ${host} (${reason})`,
    {
      hint: 'Check the network, and AWS_ENDPOINT_URL and AWS_REGION, which say where to ask.',
      retryable: true,
      cause,
    },
  )
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error as { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? error.message
}
