import { setTimeout as delay } from 'node:timers/promises'
import type { RunningService } from '../../evaluation/monitor/running-service.ts'
import {
  openConnection,
  type PictureFile,
  type PreparedRequest,
  prepareRequests,
  type RequestForm,
} from './ingest-client.ts'
import { memoryOfTree } from './memory-of-tree.ts'
import { ownProcessorSeconds, processorSecondsOfTree } from './processor-time.ts'

/** How fast, and the processor time of an image. */
export type Spent = { readonly perSecond: number; readonly processorMs: number }

/** Senders at once, by the form of their requests: one image a request is what many small senders do. */
const CONNECTIONS = { multipart: 4, single: 16 } as const
const MIB = 1024 * 1024
/** So many that all of its processes have started, and a window was judged. */
const WARM = 1280
const FORM: RequestForm = { kind: 'multipart', images: 16 }

/** Images a second, those that warm it up left out; the client's processor time is told beside. */
export async function sustain(
  service: RunningService,
  files: readonly PictureFile[],
  form: RequestForm,
): Promise<Spent & { readonly clientProcessorMs: number }> {
  await warmUp(service, files)
  const requests = prepareRequests(files, 'full', form)
  const [own, tree] = [ownProcessorSeconds(), await processorSecondsOfTree(service.pid())]
  const started = performance.now()
  await sendAll(service, requests, form)
  await untilCounted(service, WARM + files.length)
  const perSecond = (1000 * files.length) / (performance.now() - started)
  const spent = (await processorSecondsOfTree(service.pid())) - tree
  return {
    perSecond,
    processorMs: (1000 * spent) / files.length,
    clientProcessorMs: (1000 * (ownProcessorSeconds() - own)) / files.length,
  }
}

/** Sends requests at a steady rate, whether the one before is answered or not. */
export async function pace(
  service: RunningService,
  files: readonly PictureFile[],
  perSecond: number,
): Promise<object> {
  await warmUp(service, files)
  const requests = prepareRequests(files, 'half', FORM)
  const url = await service.url()
  const idle: ReturnType<typeof openConnection>[] = []
  const times: number[] = []
  const memory = memoryOfTree(service.pid())
  const started = performance.now()
  let due = 0
  const sending = requests.map(async (request) => {
    const at = started + (1000 * due) / perSecond
    due += request.images
    await delay(Math.max(0, at - performance.now()))
    const sent = performance.now()
    const connection = idle.pop() ?? openConnection(url)
    const status = await connection.send(request)
    if (status !== 202) throw new Error(`expected 202 at half load, got ${status}`)
    times.push(performance.now() - sent)
    idle.push(connection)
  })
  await Promise.all(sending)
  await untilCounted(service, WARM + files.length)
  idle.forEach((connection) => connection.close())
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]
  return {
    perSecond,
    answeredMs: { median: at(0.5), p99: at(0.99), longest: at(1) },
    mebibytes: Math.round((await memory.stop()) / MIB),
  }
}

/** Many connections that send the same again and again, each under a new name, without a pause. */
export async function overload(
  service: RunningService,
  files: readonly PictureFile[],
): Promise<object> {
  const url = await service.url()
  const memory = memoryOfTree(service.pid())
  const answers: Record<string, number> = {}
  const send = async (number: number): Promise<void> => {
    const connection = openConnection(url)
    for (let turn = 0; turn < 3; turn++) {
      for (const request of prepareRequests(files, `over ${number} ${turn}`, FORM)) {
        const status = await connection.send(request)
        answers[status] = (answers[status] ?? 0) + 1
      }
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: 3 * CONNECTIONS.multipart }, (_, i) => send(i)))
  return { requests: answers, mebibytes: Math.round((await memory.stop()) / MIB) }
}

async function warmUp(service: RunningService, files: readonly PictureFile[]): Promise<void> {
  for (let sent = 0, turn = 0; sent < WARM; turn++) {
    const part = files.slice(0, Math.min(files.length, WARM - sent))
    await sendAll(service, prepareRequests(part, `warm ${turn}`, FORM), FORM)
    sent += part.length
  }
  await untilCounted(service, WARM)
}

// oxlint-disable-next-line eslint/max-params -- to whom, what, how
/** Refused for want of room a request is sent again; anything else but 202 ends it. */
async function sendAll(
  service: RunningService,
  requests: readonly PreparedRequest[],
  { kind }: RequestForm,
): Promise<void> {
  const url = await service.url()
  let next = 0
  const send = async (): Promise<void> => {
    const connection = openConnection(url)
    while (next < requests.length) {
      const request = requests[next++]
      for (let status: number | 'none' = 503; status !== 202;) {
        status = await connection.send(request)
        if (status !== 202 && status !== 503 && status !== 429) {
          throw new Error(`expected 202, got ${status}`)
        }
        if (status !== 202) await delay(50)
      }
    }
    connection.close()
  }
  await Promise.all(Array.from({ length: CONNECTIONS[kind] }, send))
}

/** Looks seldom: to look costs the service some of its time. */
const LOOK_EVERY_MS = 50

async function untilCounted(service: RunningService, images: number): Promise<void> {
  const url = `${await service.url()}/v1/monitors/default`
  for (;;) {
    const { images: counted } = (await (await fetch(url)).json()) as { images: number }
    if (counted >= images) return
    await delay(LOOK_EVERY_MS)
  }
}
