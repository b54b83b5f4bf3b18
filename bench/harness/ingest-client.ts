import { connect, type Socket } from 'node:net'

/** A request as it goes over the wire, made before any clock runs, and how many images are in it. */
export type PreparedRequest = { readonly bytes: Buffer; readonly images: number }

/** The file of a picture and its name. */
export type PictureFile = { readonly name: string; readonly bytes: Buffer }

/** Pictures of one request: `single` has one as its body, `multipart` several. */
export type RequestForm =
  | { readonly kind: 'single' }
  | { readonly kind: 'multipart'; readonly images: number }

const PATH = '/v1/monitors/default/images'
const BOUNDARY = 'pixeldrift-ingest-0b0b0b'

/** Requests of all files, each image under its name after the prefix. */
export function prepareRequests(
  files: readonly PictureFile[],
  prefix: string,
  form: RequestForm,
): PreparedRequest[] {
  if (form.kind === 'single') return files.map((file) => single(file, prefix))
  return Array.from({ length: Math.ceil(files.length / form.images) }, (_, i) =>
    multipart(files.slice(i * form.images, (i + 1) * form.images), prefix),
  )
}

function single({ name, bytes }: PictureFile, prefix: string): PreparedRequest {
  const path = `${PATH}?predictionId=${encodeURIComponent(`${prefix} ${name}`)}`
  return { bytes: post(path, 'application/octet-stream', bytes), images: 1 }
}

function multipart(files: readonly PictureFile[], prefix: string): PreparedRequest {
  const facts = JSON.stringify(files.map(({ name }) => ({ predictionId: `${prefix} ${name}` })))
  const part = (words: string, type: string, body: Buffer): Buffer[] => [
    Buffer.from(
      `--${BOUNDARY}\r\ncontent-disposition: form-data; ${words}\r\ncontent-type: ${type}\r\n\r\n`,
    ),
    body,
    Buffer.from('\r\n'),
  ]
  const body = Buffer.concat([
    ...part('name="facts"', 'application/json', Buffer.from(facts)),
    ...files.flatMap(({ name, bytes }) =>
      part(`name="image"; filename="${name}"`, 'application/octet-stream', bytes),
    ),
    Buffer.from(`--${BOUNDARY}--\r\n`),
  ])
  const type = `multipart/form-data; boundary=${BOUNDARY}`
  return { bytes: post(PATH, type, body), images: files.length }
}

function post(path: string, type: string, body: Buffer): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** A connection that stays open; one request at a time. */
export type IngestConnection = {
  /** Resolves to the status of the answer once all of it came, to `none` where the connection ended before. */
  send(request: PreparedRequest): Promise<number | 'none'>
  close(): void
}

/** A client that costs its machine next to nothing: bytes out, and of the answer its status and its end. */
export function openConnection(url: string): IngestConnection {
  const { hostname, port } = new URL(url)
  let socket: Socket | undefined
  return {
    send: (request) => {
      if (socket === undefined || socket.destroyed) {
        socket = connect(Number(port), hostname).setNoDelay(true)
      }
      return answerOf(socket, request.bytes)
    },
    close: () => void socket?.destroy(),
  }
}

async function answerOf(socket: Socket, bytes: Buffer): Promise<number | 'none'> {
  const { promise, resolve } = Promise.withResolvers<number | 'none'>()
  let answer = ''
  const onData = (part: Buffer): void => {
    answer += part.toString('latin1')
    const status = statusOf(answer)
    if (status === undefined) return
    if (/^connection: close\r$/im.test(answer)) socket.destroy()
    resolve(status)
  }
  const onEnd = (): void => {
    socket.destroy()
    resolve('none')
  }
  socket.on('data', onData).once('close', onEnd).once('error', onEnd)
  socket.write(bytes)
  try {
    return await promise
  } finally {
    socket.off('data', onData).off('close', onEnd).off('error', onEnd)
  }
}

/** Undefined as long as some of it is missing. Every answer of the service to these requests says how long it is. */
function statusOf(answer: string): number | undefined {
  const end = answer.indexOf('\r\n\r\n')
  if (end < 0) return undefined
  const length = Number(/^content-length: *(\d+)/im.exec(answer)?.[1] ?? 0)
  if (answer.length - end - 4 < length) return undefined
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
}
