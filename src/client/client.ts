import { type FileReceipt, fileRequest, type SendFileOptions } from './send-file.ts'
import { errorOf, type ServiceError } from './service-error.ts'

/** An image file, and what is known of it. */
export type ImageToSend = {
  readonly bytes: Uint8Array
  /** Your own name of it: sent again under the same it is not counted twice. */
  readonly predictionId?: string | undefined
  /** Camera or site: each is watched by itself too. */
  readonly source?: string | undefined
  /** ISO 8601. */
  readonly takenAt?: string | undefined
  /** The class that your model predicted. */
  readonly prediction?: string | undefined
  readonly probabilities?: readonly number[] | undefined
  readonly logits?: readonly number[] | undefined
  readonly embedding?: readonly number[] | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** `known`: the service had it before. */
export type Receipt = { readonly predictionId: string; readonly status: 'stored' | 'known' }

/** What an image has come to, and how unusual it is by itself. */
export type ScoredReceipt = Receipt & {
  /** `skipped`: it could not be read. `waiting`: it is stored, and was not measured in time. */
  readonly outcome: 'measured' | 'skipped' | 'waiting' | 'forgotten'
  /** Where it is measured. */
  readonly score?: ImageScore | undefined
  /** Where it is skipped: why. */
  readonly code?: string | undefined
  readonly message?: string | undefined
}

/** How unusual an image is by itself. */
export type ImageScore = {
  /** Higher = more unusual. */
  readonly score: number
  /** Share of reference images that are at least as unusual. */
  readonly pValue: number
  /** Of images like the reference one in a hundred is. */
  readonly isUnusual: boolean
  readonly loss: number
  readonly excessLoss: number
}

/** What an image really shows. */
export type GroundTruth = {
  readonly predictionId: string
  /** The true class, in the words of the predictions. */
  readonly label: string
}

/** What became of it: `waiting` for its image, `no-prediction` that could be right or wrong, `refused` as too many wait. */
export type TruthReceipt = {
  readonly predictionId: string
  readonly status:
    | 'counted'
    | 'unchanged'
    | 'corrected'
    | 'waiting'
    | 'no-prediction'
    | 'forgotten'
    | 'refused'
}

/** Speaks to a service. */
export type Client = {
  /** Resolves once all are stored for good; tries again where the service is busy or away. At most some megabytes at once. */
  send(images: readonly ImageToSend[], options?: CallOptions): Promise<readonly Receipt[]>
  /** Sends them, and resolves once they are measured, or after `waitMs` (10,000 unless given, a minute at most) with what is known. */
  score(
    images: readonly ImageToSend[],
    options?: CallOptions & { readonly waitMs?: number | undefined },
  ): Promise<readonly ScoredReceipt[]>
  /** Sends an array of pixels, a table or an archive of images at once; nothing of a damaged one is taken. */
  sendFile(file: Blob | Uint8Array, options: SendFileOptions): Promise<FileReceipt>
  /** Of these names those that the service has. */
  known(predictionIds: readonly string[], options?: CallOptions): Promise<ReadonlySet<string>>
  /** Says what images really show, before or after they are sent, again or otherwise. */
  groundTruth(
    truths: readonly GroundTruth[],
    options?: CallOptions,
  ): Promise<readonly TruthReceipt[]>
  /** Any other resource under /v1, e.g. `alerts?unresolved=true`. */
  get<T>(path: string, options?: CallOptions): Promise<T>
}

type CallOptions = { readonly signal?: AbortSignal | undefined }

export type ClientOptions = {
  /** Of the service, e.g. `http://localhost:8080`. */
  readonly url: string
  readonly token?: string | undefined
  /** Default `default`. */
  readonly monitor?: string | undefined
  /** Tries of a request, the first one too. Default 8, over about a minute. */
  readonly tries?: number | undefined
  /** Default the global one. */
  readonly request?: typeof fetch | undefined
}

const FIRST_PAUSE_MS = 250
const LONGEST_PAUSE_MS = 30_000

/** Speaks to one monitor of a service, in a browser or in Node, without any other package. */
export function createClient({
  url,
  token,
  monitor = 'default',
  tries = 8,
  request = fetch,
}: ClientOptions): Client {
  const own = `monitors/${encodeURIComponent(monitor)}`
  const images = `${own}/images`
  const ask = openRequests({ base: `${url.replace(/\/+$/, '')}/v1/`, token, tries, request })
  const post = async <T>(
    path: string,
    sent: readonly ImageToSend[],
    signal: AbortSignal | undefined,
  ): Promise<readonly T[]> => {
    if (sent.length === 0) return []
    const options = { method: 'POST', body: bodyOf(sent), signal: signal ?? null }
    return (await ask<{ images: readonly T[] }>(path, options)).images
  }
  return {
    send: (sent, { signal } = {}) => post(images, sent, signal),
    score: (sent, { waitMs = 10_000, signal } = {}) =>
      post(`${images}?wait=score&waitMs=${waitMs}`, sent, signal),
    sendFile: (file, options) => {
      const { query, request: sent } = fileRequest(file, options)
      return ask(`${images}?${query}`, sent)
    },
    known: async (predictionIds, { signal } = {}) => {
      const asked = jsonOf({ predictionIds }, signal)
      const { known } = await ask<{ known: readonly string[] }>(`${images}/known`, asked)
      return new Set(known)
    },
    groundTruth: async (truths, { signal } = {}) => {
      const receipts: TruthReceipt[] = []
      for (let at = 0; at < truths.length; at += TRUTHS_TOGETHER) {
        const some = jsonOf({ groundTruth: truths.slice(at, at + TRUTHS_TOGETHER) }, signal)
        const answer = await ask<{ groundTruth: TruthReceipt[] }>(`${own}/ground-truth`, some)
        receipts.push(...answer.groundTruth)
      }
      return receipts
    },
    get: (path, { signal } = {}) => ask(path, { signal: signal ?? null }),
  }
}

type Requests = {
  readonly tries: number
  readonly request: typeof fetch
  readonly base: string
  readonly token: string | undefined
}

/** Asks for JSON, again and again where the service is busy or away. */
function openRequests({ base, token, tries, request }: Requests) {
  const authorization = token === undefined ? undefined : `Bearer ${token}`
  return async <T>(path: string, options: RequestInit): Promise<T> => {
    const headers = new Headers(options.headers)
    if (authorization !== undefined) headers.set('authorization', authorization)
    for (let attempt = 1; ; attempt++) {
      const response = await request(base + path, { ...options, headers }).catch(
        (error: unknown) => {
          options.signal?.throwIfAborted()
          if (attempt >= tries) throw error
        },
      )
      if (response?.ok === true) return (await response.json()) as T
      const error = response && (await errorOf(response))
      if (error !== undefined && (attempt >= tries || !mayPass(error))) throw error
      await pause(response?.headers.get('retry-after'), attempt, options.signal ?? undefined)
    }
  }
}

/** Of one request. */
const TRUTHS_TOGETHER = 1000

function jsonOf(body: object, signal: AbortSignal | undefined): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: signal ?? null,
  }
}

/** Files as they are, what is said of them before. */
function bodyOf(images: readonly ImageToSend[]): FormData {
  const form = new FormData()
  form.set('facts', JSON.stringify(images.map(factsOf)))
  for (const { bytes } of images) form.append('image', new Blob([bytes.slice()]), 'image')
  return form
}

function factsOf(image: ImageToSend): object {
  const { bytes: _, ...facts } = image
  return facts
}

function mayPass({ status }: ServiceError): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504
}

/** As long as the service asks for, else twice as long each time. */
async function pause(
  retryAfter: string | null | undefined,
  attempt: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const asked = 1000 * Number(retryAfter ?? Number.NaN)
  const own = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (attempt - 1))
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = (): void => reject(signal?.reason as Error)
  signal?.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(resolve, Number.isFinite(asked) ? Math.max(asked, own) : own)
  await promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  })
}
