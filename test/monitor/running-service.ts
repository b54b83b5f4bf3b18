/** A service in this process, its processes real, and what it is asked. */
import { setTimeout as delay } from 'node:timers/promises'
import {
  completeConfig,
  type ConfigInput,
  type Service,
  type ServicePorts,
  startService,
} from '../../src/monitor/index.ts'
import type { StoreLocation } from '../../src/monitor/store/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { encodePng } from '../../src/images/index.ts'

/** Starts one on a database, on a port of its own; its log goes into `said`. */
export async function startTestService(
  location: StoreLocation,
  config: ConfigInput,
  ports: Partial<ServicePorts> = {},
): Promise<Service & { readonly said: string[] }> {
  const said: string[] = []
  const data = 'folder' in location ? { data: location.folder } : { database: location.postgres }
  const service = await startService(
    completeConfig({ port: 0, processes: 1, ...data, ...config }),
    {
      clock: () => new Date(),
      log: (level, message) => said.push(`${level}: ${message}`),
      request: fetch,
      environment: process.env,
      everyMs: 20,
      ...ports,
    },
  )
  return { ...service, said }
}

/** Asks a service for JSON, which must be there. */
export async function ask<T>(
  service: Service,
  path: string,
  options: RequestInit = {},
): Promise<T> {
  const response = await fetch(`${service.url}${path}`, options)
  const text = await response.text()
  if (!response.ok) throw new Error(`${response.status} ${text}`)
  return JSON.parse(text) as T
}

/** Asks again and again until an answer is as it should be. */
export async function until<T>(
  read: () => Promise<T>,
  isThere: (found: T) => boolean,
  seconds = 60,
): Promise<T> {
  let found = await read()
  for (let tries = 0; !isThere(found); tries++) {
    if (tries > 50 * seconds) throw new Error(`it never came: ${JSON.stringify(found)}`)
    await delay(20)
    found = await read()
  }
  return found
}

/** What a monitor is at. */
export type MonitorState = {
  readonly images: number
  readonly skipped: number
  readonly sources: readonly {
    readonly source: string
    readonly state: string
    readonly images: number
  }[]
}

/** Waits until so many images are counted or left out. */
export async function untilSettled(service: Service, images: number, monitor = 'default') {
  return until(
    () => ask<MonitorState>(service, `/v1/monitors/${monitor}`),
    (state) => state.images + state.skipped >= images,
  )
}

/** Each image as a PNG file. */
export async function pngsOf(pixels: Tensor): Promise<Buffer[]> {
  const rows = Array.from({ length: pixels.shape[0] }, (_, row) => sliceRows(pixels, row, row + 1))
  return Promise.all(
    rows.map(async ({ shape, data }) =>
      Buffer.from(await encodePng({ shape: shape.slice(1), data })),
    ),
  )
}

/** Sends files as JSON in one request. */
// oxlint-disable-next-line eslint/max-params -- to whom, what, what is said of each, then the options object
export async function sendImages(
  service: Service,
  files: readonly Buffer[],
  describe: (i: number) => object,
  { monitor = 'default' }: { readonly monitor?: string } = {},
): Promise<readonly { readonly predictionId: string; readonly status: string }[]> {
  const images = files.map((file, i) => ({ ...describe(i), image: file.toString('base64') }))
  const { images: receipts } = await ask<{ images: { predictionId: string; status: string }[] }>(
    service,
    `/v1/monitors/${monitor}/images`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ images }),
    },
  )
  return receipts
}
