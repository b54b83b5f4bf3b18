import type { FastifyInstance } from 'fastify'

const LOOK_EVERY_MS = 20

/**
 * Once the service ends and every request that was begun is answered, ends all connections: one on which nobody has
 * asked anything yet, as browsers open them, would be waited for otherwise, for a minute.
 */
export function endConnections(app: FastifyInstance): void {
  let open = 0
  const isOpen = new WeakSet<object>()
  app.addHook('onRequest', async (request) => {
    isOpen.add(request)
    open++
  })
  const end = async (request: object): Promise<void> => {
    if (isOpen.delete(request)) open--
  }
  app.addHook('onResponse', end)
  app.addHook('onRequestAbort', end)
  app.addHook('preClose', async () => {
    const timer = setInterval(() => {
      if (open === 0) app.server.closeAllConnections()
    }, LOOK_EVERY_MS)
    app.server.once('close', () => clearInterval(timer))
  })
}
