import { Agent, request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import type { Random } from '../../src/tensor/index.ts'
import { makeRequest, type MadeRequest, operationsOf } from './made-requests.ts'
import { rawRequests } from './raw-requests.ts'

/** What became of requests. */
export type FuzzTally = {
  /** By status; `none` where the connection ended instead, as it may for what is no HTTP. */
  readonly statuses: Readonly<Record<string, number>>
  /** What should not be: an answer of 5xx but 503, none in time, an error without a code, words of another request. */
  readonly faults: readonly string[]
  readonly longestMs: number
}

type Fuzzing = {
  readonly url: string
  readonly authorization: string
  readonly requests: number
  readonly random: Random
  /** The bytes of an image, damaged or not. */
  readonly image: () => Uint8Array
}

const AT_ONCE = 8
/** One in so many is no HTTP. */
const RAW_EVERY = 40
const LONGEST_MS = 20_000

/** Sends bad requests by an interface's own document and by hand, several at once, and looks at every answer. */
export async function fuzzService({
  url,
  authorization,
  requests,
  random,
  image,
}: Fuzzing): Promise<FuzzTally> {
  const document = (await (await fetch(`${url}/v1/openapi.json`)).json()) as Parameters<
    typeof operationsOf
  >[0]
  const operations = operationsOf(document)
  const raw = rawRequests(authorization)
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const statuses: Record<string, number> = {}
  const faults: string[] = []
  let [sent, longestMs] = [0, 0]
  const note = (status: number | 'none', fault: string | undefined, ms: number): void => {
    statuses[status] = (statuses[status] ?? 0) + 1
    longestMs = Math.max(longestMs, ms)
    if (fault !== undefined && faults.length < 100) faults.push(fault)
  }
  const connection = async (): Promise<void> => {
    while (sent < requests) {
      const number = sent++
      const started = performance.now()
      if (number % RAW_EVERY === 0) {
        const { status, fault } = await sendRaw(url, raw[(number / RAW_EVERY) % raw.length])
        note(status, fault, performance.now() - started)
        continue
      }
      const marker = `mark-${number}-${random.integer(2 ** 30).toString(36)}`
      // Images and what comes with them are half of all.
      const own =
        number % 2 === 0
          ? operations
          : operations.filter(({ path, method }) => path.endsWith('/images') && method === 'post')
      const made = makeRequest(own[random.integer(own.length)], {
        random,
        marker,
        authorization,
        image,
      })
      const answer = await send(url, made, agent)
      note(answer.status, faultOf(made, answer), performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, connection))
  agent.destroy()
  return { statuses, faults, longestMs }
}

type Answer = { readonly status: number | 'none'; readonly body: string; readonly reason?: string }

async function send(
  url: string,
  { method, path, headers, body }: MadeRequest,
  agent: Agent,
): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>()
  const signal = AbortSignal.timeout(LONGEST_MS)
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const options = { method, agent, signal, headers: { ...headers, ...length } }
  const asked = httpRequest(`${url}${path}`, options, (response) => {
    text(response).then(
      (said) => resolve({ status: response.statusCode ?? 0, body: said }),
      (error: unknown) => resolve({ status: 'none', body: '', reason: String(error) }),
    )
  })
  asked.on('error', (error) => resolve({ status: 'none', body: '', reason: String(error) }))
  asked.end(body)
  return promise
}

const MARKER = /mark-\d+-[0-9a-z]+/g

/** What is wrong with an answer. */
function faultOf(made: MadeRequest, { status, body, reason = '' }: Answer): string | undefined {
  const what = `${made.method} ${made.path.slice(0, 200)}: ${status} ${reason} ${body.slice(0, 300)}`
  // A body that is too large is answered before it is read, and its connection ends.
  if (status === 'none') return /ECONNRESET|EPIPE|socket hang up/.test(reason) ? undefined : what
  if (status >= 500 && status !== 503) return what
  if (status < 400) return status === 202 ? foreignTo(made, body, what) : undefined
  if (made.method === 'HEAD') return undefined
  return hasCode(body) ? foreignTo(made, body, what) : what
}

function foreignTo({ marker }: MadeRequest, body: string, what: string): string | undefined {
  return (body.match(MARKER) ?? []).every((found) => found === marker) ? undefined : what
}

function hasCode(body: string): boolean {
  try {
    return typeof (JSON.parse(body) as { code?: unknown }).code === 'string'
  } catch {
    return false
  }
}

/** Whatever comes back, it must come to an end. */
async function sendRaw(
  url: string,
  bytes: Uint8Array,
): Promise<{ readonly status: number | 'none'; readonly fault: string | undefined }> {
  const { hostname, port } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
  socket.setTimeout(LONGEST_MS, () => socket.destroy(new Error('no end in time')))
  socket.end(bytes)
  let said = ''
  try {
    for await (const part of socket.setEncoding('latin1')) {
      said += String(part)
      // Streams of events and connections that are kept open need not end.
      if (said.length > 0) break
    }
  } catch (error) {
    if (/no end in time/.test(String(error))) {
      return {
        status: 'none',
        fault: `raw ${Buffer.from(bytes).toString().slice(0, 80)}: ${String(error)}`,
      }
    }
  }
  socket.destroy()
  const status = /^HTTP\/1\.1 (\d+)/.exec(said)?.[1]
  if (status === undefined) return { status: 'none', fault: undefined }
  const isFault = status.startsWith('5') && status !== '503' && status !== '505'
  return { status: Number(status), fault: isFault ? said.slice(0, 300) : undefined }
}
