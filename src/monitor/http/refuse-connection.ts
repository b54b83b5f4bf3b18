import type { Socket } from 'node:net'
import { Problem, problemOf } from './problem.ts'

/** Answers what is no HTTP in the form of all problems, and ends its connection. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, reason } = REASONS[error.code ?? ''] ?? OTHERWISE
  const problem = problemOf(new Problem(status, 'request.invalid', reason))
  const body = JSON.stringify(problem)
  socket.end(
    `HTTP/1.1 ${status} ${problem.title}\r\ncontent-type: application/problem+json\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

const OTHERWISE = { status: 400, reason: 'expected HTTP/1.1, got something else' }

const REASONS: Readonly<Record<string, typeof OTHERWISE>> = {
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'expected the request sooner' },
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'expected shorter headers' },
}
