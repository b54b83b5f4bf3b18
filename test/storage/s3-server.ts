import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'

/** What the server does in place of an answer. */
export type Fault = { readonly status: number; readonly code?: string } | 'cut' | 'hang'

/** A server that speaks just enough S3: objects by range, lists by pages. */
export type S3Server = {
  readonly objects: Map<string, Uint8Array>
  /** Of every request so far: the method, the path and query, and the range asked for. */
  readonly requests: string[]
  /** Asked before every answer. */
  fault: (request: IncomingMessage) => Fault | undefined
  readonly endpoint: string
}

export const BUCKET = 'pictures'

const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'key', AWS_SECRET_ACCESS_KEY: 'secret' }

/** Starts a server and points the environment of this process at it; `pageSize` names are on a page of a list. */
export async function startS3Server(pageSize = 3): Promise<S3Server> {
  const objects = new Map<string, Uint8Array>()
  const server = createServer((request, response) => {
    void answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const started: S3Server = { objects, requests: [], fault: () => undefined, endpoint }
  Object.assign(process.env, CREDENTIALS, { AWS_ENDPOINT_URL: endpoint, AWS_REGION: 'here' })
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  return started

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { range = '', authorization = '' } = request.headers
    started.requests.push(`${request.method} ${request.url} ${range}`.trim())
    const fault = started.fault(request)
    if (fault === 'hang') return
    if (fault === 'cut') {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('half of it')
      setImmediate(() => response.destroy())
      return
    }
    if (fault !== undefined) return refuse(response, fault)
    if (!/^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/here\/s3\/aws4_request, /.test(authorization)) {
      return refuse(response, { status: 403, code: 'AccessDenied' })
    }
    const url = new URL(request.url ?? '', endpoint)
    const [, bucket, ...rest] = url.pathname.split('/')
    if (bucket !== BUCKET) return refuse(response, { status: 404, code: 'NoSuchBucket' })
    const key = decodeURIComponent(rest.join('/'))
    if (key === '') list(url.searchParams, response)
    else give(key, request, response)
  }

  function give(key: string, { headers }: IncomingMessage, response: ServerResponse): void {
    const bytes = objects.get(key)
    if (bytes === undefined) return refuse(response, { status: 404, code: 'NoSuchKey' })
    const etag = etagOf(bytes)
    if (headers['if-match'] !== undefined && headers['if-match'] !== etag) {
      return refuse(response, { status: 412, code: 'PreconditionFailed' })
    }
    const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? '') ?? []
    if (Number(first) >= bytes.length) return refuse(response, { status: 416 })
    const part = bytes.subarray(Number(first), Number(last) + 1)
    const end = Number(first) + part.length - 1
    response.writeHead(206, { etag, 'content-range': `bytes ${first}-${end}/${bytes.length}` })
    response.end(part)
  }

  function list(query: URLSearchParams, response: ServerResponse): void {
    const prefix = query.get('prefix') ?? ''
    const size = Math.min(pageSize, Number(query.get('max-keys') ?? pageSize))
    const below = [...objects.keys()].filter((key) => key.startsWith(prefix))
    const names = new Set(
      below.map((key) => {
        const slash = key.indexOf('/', prefix.length)
        return slash < 0 ? key : key.slice(0, slash + 1)
      }),
    )
    const sorted = [...names].toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    const start = Number(query.get('continuation-token') ?? 0)
    const page = sorted.slice(start, start + size)
    const isCut = start + size < sorted.length
    const entries = page.map((name) => entryOf(name, prefix))
    const next = isCut ? `<NextContinuationToken>${start + size}</NextContinuationToken>` : ''
    response.end(
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>${isCut}</IsTruncated>${next}${entries.join('')}</ListBucketResult>`,
    )
  }

  function entryOf(name: string, prefix: string): string {
    const bytes = objects.get(name)
    if (bytes === undefined || (name.endsWith('/') && name !== prefix)) {
      return `<CommonPrefixes><Prefix>${escape(name)}</Prefix></CommonPrefixes>`
    }
    return `<Contents><Key>${escape(name)}</Key><ETag>${escape(etagOf(bytes))}</ETag><Size>${bytes.length}</Size></Contents>`
  }
}

function refuse(response: ServerResponse, { status, code }: Exclude<Fault, string>): void {
  response.writeHead(status)
  response.end(
    code && `<?xml version="1.0"?><Error><Code>${code}</Code><Region>there</Region></Error>`,
  )
}

function etagOf(bytes: Uint8Array): string {
  return `"${createHash('md5').update(bytes).digest('hex')}"`
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll(/\p{Cc}/gu, (character) => `&#x${character.charCodeAt(0).toString(16)};`)
}
