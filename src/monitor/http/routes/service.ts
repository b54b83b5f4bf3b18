import { type ApiDocument, renderDocsPage } from '../docs-page.ts'
import type { HttpPorts } from '../http-ports.ts'
import type { Server } from '../typed-server.ts'

/** Whether it lives, what it counts, and what it offers. */
export function serviceRoutes(app: Server, { store, metrics }: HttpPorts): void {
  const hide = { schema: { hide: true } } as const
  app.get('/healthz', hide, () => ({ status: 'ok' }))
  app.get('/readyz', hide, async () => {
    await store.ping()
    return { status: 'ready' }
  })
  app.get('/metrics', { ...hide, config: { scope: 'read' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  )
  app.get('/v1/openapi.json', hide, () => app.swagger())
  app.get('/v1/docs', hide, async (_request, reply) =>
    reply
      .type('text/html; charset=utf-8')
      .header(
        'content-security-policy',
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      )
      .send(renderDocsPage(app.swagger() as ApiDocument)),
  )
}
