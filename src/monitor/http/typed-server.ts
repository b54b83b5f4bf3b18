import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Caller, Scope } from './access.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may ask; without one anybody. */
    readonly scope?: Scope
  }
  interface FastifyRequest {
    caller: Caller
    /** Its bytes are dealt with: whoever waits for an answer now holds none of them. */
    dropBody(): void
  }
}

/** A server whose routes are typed by their schemas. */
export type Server = ReturnType<typeof typed>

/** The same server. */
export function typed(app: FastifyInstance) {
  return app.withTypeProvider<ZodTypeProvider>()
}
