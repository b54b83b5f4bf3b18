import type { FastifyInstance, FastifyRequest } from 'fastify'
import { DriftError } from '../../errors.ts'

/** Of a request that does not say how long it is. */
const UNKNOWN_LENGTH = 1024 * 1024

/** Refuses requests while those that are being read hold so many bytes, so that memory stays bounded. */
export function admitBytes(app: FastifyInstance, most: number): void {
  const admitted = new WeakMap<FastifyRequest, number>()
  let inFlight = 0
  app.addHook('onRequest', async (request) => {
    if (request.method === 'GET') return
    const stated = request.headers['content-length']
    const bytes = stated === undefined ? UNKNOWN_LENGTH : Number(stated)
    if (inFlight > 0 && inFlight + bytes > most) {
      throw new DriftError('resource.busy', 'too much is being sent at once', {
        hint: 'Send it again a little later.',
        retryable: true,
      })
    }
    admitted.set(request, bytes)
    inFlight += bytes
  })
  const release = async (request: FastifyRequest): Promise<void> => {
    inFlight -= admitted.get(request) ?? 0
    admitted.delete(request)
  }
  app.addHook('onResponse', release)
  app.addHook('onRequestAbort', release)
}
