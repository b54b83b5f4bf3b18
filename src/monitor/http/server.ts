import multipart from '@fastify/multipart'
import swagger from '@fastify/swagger'
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod'
import { DriftError } from '../../errors.ts'
import { LOCAL, readToken, requireLocal, requireScope } from './access.ts'
import { admitBytes } from './admit-bytes.ts'
import { endConnections } from './end-connections.ts'
import type { HttpPorts } from './http-ports.ts'
import { Problem, problemOf } from './problem.ts'
import { createRateLimit } from './rate-limit.ts'
import { refuseConnection } from './refuse-connection.ts'
import { alertRoutes } from './routes/alerts.ts'
import { detectorRoutes } from './routes/detectors.ts'
import { findingRoutes } from './routes/findings.ts'
import { imageRoutes } from './routes/images.ts'
import { ingestRoutes } from './routes/ingest.ts'
import { jobRoutes } from './routes/jobs.ts'
import { liveRoutes } from './routes/live.ts'
import { monitorRoutes } from './routes/monitors.ts'
import { periodRoutes } from './routes/periods.ts'
import { qualityRoutes } from './routes/quality.ts'
import { serviceRoutes } from './routes/service.ts'
import { tokenRoutes } from './routes/tokens.ts'
import { typed } from './typed-server.ts'

/** The HTTP interface of a service; listening is up to the caller. */
export async function createServer(ports: HttpPorts): Promise<FastifyInstance> {
  const { limits } = ports
  const app = fastify({
    logger: false,
    bodyLimit: limits.imageBytes,
    requestTimeout: 120_000,
    routerOptions: { ignoreTrailingSlash: true },
    // What is not known is told like everything else.
    exposeHeadRoutes: false,
    clientErrorHandler: refuseConnection,
  })
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.decorateRequest('caller')
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'pixeldrift', version: ports.version },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  })
  await app.register(multipart, { limits: { fileSize: limits.imageBytes, files: 1000, fields: 8 } })
  for (const type of ['application/octet-stream', /^image\//]) {
    app.addContentTypeParser(type, { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    )
  }
  endConnections(app)
  admitBytes(app, limits)
  app.addHook('preClose', async () => ports.scoreWaits.close())
  guard(app, ports)
  observe(app, ports)
  app.setNotFoundHandler(({ method, url }) => {
    throw new Problem(404, 'request.not-found', `nothing is at ${method} ${url}`)
  })
  app.setErrorHandler((error, request, reply) => answerError(error, { request, reply }, ports))
  const server = typed(app)
  for (const add of [
    serviceRoutes,
    detectorRoutes,
    jobRoutes,
    monitorRoutes,
    ingestRoutes,
    imageRoutes,
    findingRoutes,
    periodRoutes,
    qualityRoutes,
    alertRoutes,
    liveRoutes,
    tokenRoutes,
  ]) {
    add(server, ports)
  }
  await app.ready()
  return app
}

/** Who asks is known before anything of the body is read. */
function guard(app: FastifyInstance, { store, clock, isLocal, limits }: HttpPorts): void {
  const { requestsPerMinute: perMinute } = limits
  const now = (): number => clock().getTime()
  const limit = perMinute === null ? undefined : createRateLimit({ perMinute, now })
  app.addHook('onRequest', async (request, reply) => {
    const { scope } = request.routeOptions.config
    if (scope === undefined) return
    const { authorization } = request.headers
    const needsToken = !isLocal || authorization !== undefined || (await hasTokens())
    if (needsToken) {
      request.caller = await readToken(authorization, store.access, now())
    } else {
      requireLocal(request.headers)
      request.caller = LOCAL
    }
    const { token } = request.caller
    const waitMs = token === null ? 0 : (limit?.take(token) ?? 0)
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)))
      throw new Problem(
        429,
        'request.too-many',
        `expected at most ${perMinute} requests of a token a minute, got more`,
        'Send several images in one request.',
      )
    }
    requireScope(request.caller, scope)
  })
  const hasTokens = async (): Promise<boolean> =>
    (await store.access.all()).some(({ revokedAt }) => revokedAt === null)
}

function observe(app: FastifyInstance, { metrics }: HttpPorts): void {
  app.addHook('onSend', async (_request, reply, payload) => {
    reply.headers({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' })
    if (!reply.hasHeader('cache-control')) reply.header('cache-control', 'no-store')
    if (!reply.hasHeader('content-security-policy')) {
      reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
    }
    return payload
  })
  app.addHook('onResponse', async (request, reply) => {
    // Whoever listens does so for hours.
    if (reply.getHeader('content-type') === 'text/event-stream') return
    const url = request.routeOptions.url ?? 'unknown'
    const isWaiting = (request.query as { readonly wait?: unknown } | null)?.wait !== undefined
    // Whoever waits for a score is no slow answer.
    const route = isWaiting && request.method === 'POST' ? `${url}?wait=score` : url
    metrics.answered(route, reply.statusCode, reply.elapsedTime / 1000)
  })
}

function answerError(
  error: unknown,
  { request, reply }: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  { log }: HttpPorts,
): FastifyReply {
  const problem = problemOf(error)
  if (problem.status >= 500 && !(error instanceof DriftError) && !isBroken(error)) {
    log('error', `${request.method} ${request.routeOptions.url ?? request.url}: ${describe(error)}`)
  }
  if (problem.status === 503) reply.header('retry-after', '2')
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer')
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send(problem)
}

/** Whoever asked has gone in the middle of what it sent. */
function isBroken(error: unknown): boolean {
  const { code, message } = error as NodeJS.ErrnoException
  return code === 'ECONNRESET' && message === 'aborted'
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
