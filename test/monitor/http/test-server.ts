/** The HTTP interface over a real store, with nothing behind it that counts images. */
import type { FastifyInstance } from 'fastify'
import { createServer, type HttpPorts } from '../../../src/monitor/http/index.ts'
import { openInbox } from '../../../src/monitor/inbox/index.ts'
import { openQuality } from '../../../src/monitor/quality/index.ts'
import type { Store } from '../../../src/monitor/store/index.ts'
import { monitorSettingsSchema, openScoreWaits } from '../../../src/monitor/watching/index.ts'
import { openUnpacker } from '../../../src/monitor/unpacking/index.ts'
import { DATABASES, type TestDatabase, withStore } from '../databases.ts'

/** When it is. */
export const NOW = Date.parse('2026-11-26T12:00:00Z')

/** What may be sent. */
export const LIMITS = {
  imageBytes: 10_000,
  bodyBytes: 60_000,
  pixels: 10_000,
  inFlightBytes: 50_000,
  requestsPerMinute: null,
}

/** What a test has. */
export type TestServer = {
  readonly app: FastifyInstance
  readonly store: Store
  readonly said: string[]
}

export type TestServerOptions = {
  readonly mostWaiting?: number
  readonly ports?: Partial<HttpPorts>
  readonly settings?: object
  readonly database?: TestDatabase
  readonly classNames?: readonly string[]
}

/** Runs with a server that has one monitor, `m`. */
export async function withServer(
  act: (server: TestServer) => Promise<void>,
  {
    mostWaiting = 1000,
    ports = {},
    settings = {},
    database = DATABASES[0],
    classNames = [],
  }: TestServerOptions = {},
): Promise<void> {
  await withStore(database, async (store) => {
    const said: string[] = []
    const clock = () => new Date(NOW)
    await store.monitors.addDetector({
      id: 'd',
      artifact: Uint8Array.of(1),
      at: 1,
      facts: { classNames },
    })
    await store.monitors.add({
      id: 'm',
      detector: 'd',
      settings: JSON.stringify(monitorSettingsSchema.parse(settings)),
      createdAt: 1,
    })
    const inbox = openInbox({ store, clock, mostWaiting, onStored: () => {} })
    const unpacker = openUnpacker({ timeoutMs: 30_000, memoryBytes: 5e8, log: () => {} })
    const app = await createServer({
      store,
      inbox,
      judges: {
        report: async () => '<p>report',
        step: never,
        judge: never,
        score: never,
        picture: async () => Buffer.from('a picture'),
        restarts: 0,
        close: async () => {},
      },
      scoreWaits: openScoreWaits({ store, judges: { score: never }, log: () => {} }),
      clock,
      log: (level, message) => said.push(`${level}: ${message}`),
      metrics: {
        received: () => {},
        answered: () => {},
        text: async () => 'pixeldrift_x 1\n',
        contentType: 'text/plain',
      },
      unpacker,
      fitter: { requireRoom: () => {}, begin: never, cancel: async () => false },
      limits: LIMITS,
      inspectDetector: async () => ({ id: 'd2', facts: {} }),
      quality: openQuality({
        store,
        clock,
        onFound: async () => {},
        onCommitted: () => {},
      }),
      onMonitors: async () => {},
      isLocal: true,
      version: '0.0.0',
      ...ports,
    })
    try {
      await act({ app, store, said })
    } finally {
      await app.close()
      await unpacker.close()
    }
  })
}

const never = (): Promise<never> => Promise.reject(new Error('not here'))

/** Parts as a browser or curl sends them. */
export function multipartOf(
  parts: readonly {
    readonly name: string
    readonly file?: string
    readonly body: Buffer | string
  }[],
): { readonly headers: Record<string, string>; readonly payload: Buffer } {
  const boundary = 'the-boundary'
  const chunks = parts.flatMap(({ name, file, body }) => {
    const as = file === undefined ? '' : `; filename="${file}"\r\ncontent-type: image/png`
    return [
      Buffer.from(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${as}\r\n\r\n`),
      Buffer.from(body),
      Buffer.from('\r\n'),
    ]
  })
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}`, host: 'localhost' },
    payload: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]),
  }
}
