import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DriftError } from '../../errors.ts'
import { archiveKinds } from './archive-types.ts'
import { Problem } from './problem.ts'

/** Of a body on its way to the disk, in memory. */
const SPOOLED_BYTES = 64 * 1024

/** Refuses requests while those that are being read hold so many bytes, so that memory stays bounded. */
export function admitBytes(
  app: FastifyInstance,
  {
    inFlightBytes: most,
    imageBytes,
  }: { readonly inFlightBytes: number; readonly imageBytes: number },
): void {
  const admitted = new WeakMap<FastifyRequest, number>()
  let inFlight = 0
  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET') return
    const { 'content-length': stated, 'content-type': type } = request.headers
    // Of a request that does not say how long it is as much as it may be; what goes to the disk is never held whole.
    const isSpooled = archiveKinds(type) !== undefined
    const atMost = Number(stated ?? imageBytes)
    const bytes = isSpooled ? Math.min(SPOOLED_BYTES, atMost) : atMost
    if (bytes > most) {
      throw new Problem(413, 'request.too-large', `expected at most ${most} bytes, got ${bytes}`)
    }
    if (inFlight > 0 && inFlight + bytes > most) {
      throw new DriftError('resource.busy', 'too much is being sent at once', {
        hint: 'Send it again a little later.',
        retryable: true,
      })
    }
    admitted.set(request, bytes)
    inFlight += bytes
  })
  const release = (request: FastifyRequest): void => {
    inFlight -= admitted.get(request) ?? 0
    admitted.delete(request)
  }
  // oxlint-disable-next-line eslint/func-style -- `this` is the request
  app.decorateRequest('dropBody', function dropBody() {
    this.body = undefined
    release(this)
  })
  app.addHook('onResponse', async (request) => release(request))
  app.addHook('onRequestAbort', async (request) => release(request))
}
