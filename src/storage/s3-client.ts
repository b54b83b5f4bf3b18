import { setTimeout } from 'node:timers/promises'
import { crc32 } from 'node:zlib'
import { AwsClient } from 'aws4fetch'
import { DriftError, throwIfCancelled } from '../errors.ts'
import { type Asked, isPassing, refusalError, type S3Answer, silenceError } from './s3-errors.ts'
import { bucketUrl, type S3Settings } from './s3-settings.ts'

/** What to ask a bucket for. */
export type S3Request = {
  /** Name of an object; empty for the bucket itself. */
  readonly key: string
  readonly query?: Readonly<Record<string, string>> | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  /** Longest answer that is taken. */
  readonly mostBytes: number
  /** As the user wrote it, for messages. */
  readonly location: string
  /** Statuses that are an answer and no error, beside 200 and 206. */
  readonly accepts?: readonly number[] | undefined
}

/** Asks for objects and lists of one bucket. */
export type S3Client = { ask(request: S3Request): Promise<S3Answer> }

export type S3ClientOptions = {
  readonly signal?: AbortSignal | undefined
  /** Before the second try; doubled for each further one. */
  readonly firstDelayMs?: number | undefined
  /** For an answer with its body, which is at most some megabytes. */
  readonly timeoutMs?: number | undefined
}

/** What a service says of an error is short. */
const MOST_ERROR_BYTES = 1 << 20

/** Eight tries are half a minute of waiting in all. */
const TRIES = 8

/** A client of a bucket that signs what it asks, and tries again what may pass. */
export function createS3Client(
  bucket: string,
  settings: S3Settings,
  { signal, firstDelayMs = 200, timeoutMs = 60_000 }: S3ClientOptions = {},
): S3Client {
  const { accessKeyId, secretAccessKey, sessionToken, region } = settings
  const keys = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  const signer = new AwsClient({ ...keys, region, service: 's3' })
  const base = bucketUrl(bucket, settings)
  const askOnce = async (request: S3Request): Promise<S3Answer> => {
    const limit = AbortSignal.timeout(timeoutMs)
    const response = await fetch(
      await signer.sign(urlOf(base, request), {
        ...(request.headers && { headers: request.headers }),
        // A signed request goes nowhere but where it was meant for.
        redirect: 'manual',
        signal: signal === undefined ? limit : AbortSignal.any([signal, limit]),
      }),
    )
    const { status, headers } = response
    const most = response.ok ? request.mostBytes : MOST_ERROR_BYTES
    return { status, headers, body: await readBody(response, most) }
  }
  return {
    async ask(request) {
      const asked = { location: request.location, host: new URL(base).host, region }
      for (let attempt = 1; ; attempt++) {
        throwIfCancelled(signal)
        const outcome = await askOnce(request).then(
          (answer) => refusalOf(answer, request, asked) ?? answer,
          (error: unknown) => failure(error, asked),
        )
        throwIfCancelled(signal)
        if (!(outcome instanceof DriftError)) return outcome
        if (!outcome.retryable || attempt === TRIES) throw outcome
        const delay = firstDelayMs * 2 ** (attempt - 1) * jitter(`${request.key} ${attempt}`)
        await setTimeout(delay, undefined, { signal }).catch(() => {})
      }
    },
  }
}

function refusalOf(
  answer: S3Answer,
  { accepts = [] }: S3Request,
  asked: Asked,
): DriftError | undefined {
  const { status } = answer
  const isFine =
    status === 200 || status === 206 || (accepts.includes(status) && !isPassing(status))
  return isFine ? undefined : refusalError(answer, asked)
}

function failure(error: unknown, asked: Asked): DriftError {
  return error instanceof DriftError ? error : silenceError(error, asked)
}

/** Between a half and one, so that machines that failed together do not come back together. */
function jitter(seed: string): number {
  return 0.5 + crc32(seed) / 2 ** 33
}

function urlOf(base: string, { key, query = {} }: S3Request): string {
  const path = key.split('/').map(encode).join('/')
  const words = Object.entries(query).map(([name, value]) => `${encode(name)}=${encode(value)}`)
  return `${base}/${path}${words.length === 0 ? '' : `?${words.join('&')}`}`
}

/** By RFC 3986, as the signature has it. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The whole body; rejects where it is longer than was asked for, or breaks off. */
async function readBody(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of response.body ?? []) {
    length += piece.length
    if (length > most) {
      throw new DriftError(
        'source.unreadable',
        `expected at most ${most} bytes from ${new URL(response.url).host}, got more`,
        { hint: 'The service has to know ranges (the header Range) and lists of 1,000 objects.' },
      )
    }
    pieces.push(piece)
  }
  const body = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    body.set(piece, at)
    at += piece.length
  }
  return body
}
