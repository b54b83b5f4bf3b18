import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { type RunningService, runService } from '../../evaluation/monitor/running-service.ts'
import { fit } from '../../src/detector/index.ts'
import { openImages } from '../../src/images/index.ts'
import { memoryOfTree } from '../harness/memory-of-tree.ts'
import { pictureFolder } from '../harness/picture-folders.ts'
import { type HistoryCost, measureHistory } from '../harness/history-cost.ts'
import { defineTopic } from '../harness/topic.ts'

type File = { readonly name: string; readonly bytes: Buffer }

/** Images of one request, and requests at once. */
const TOGETHER = 16
const CONNECTIONS = 4
const MIB = 1024 * 1024
/** Images that may wait while it is sent more than it can do. */
const WAITING = 2000

const SETS = [
  { name: '32×32 JPEG', format: 'jpeg', side: 32, working: 32, share: 1 },
  { name: '32×32 PNG', format: 'png', side: 32, working: 32, share: 1 },
  { name: '224×224 JPEG', format: 'jpeg', side: 224, working: 64, share: 0.5 },
] as const

/** How many images a service takes, how soon it says so, and what it costs as its history grows. */
export const topic = defineTopic({
  title: 'Images that come to a service',
  description:
    'Picture files sent to `serve` over loopback (SQLite, all of its settings’ defaults), 16 a request, by a client on the same machine: images a second from the first request until the last image is counted, beside those of `check` on the same files with all cores; at half of that rate the time until a request is answered, and the memory of all its processes; and sent as fast as it can be, with room for 2,000 waiting images, whether each request gets an answer, and the memory. Then the time of storing and counting an image once so many are known (numbers made up, no pictures).',
  skipReason: missingCifar10,
  options: {
    images: { kind: 'integer', default: 8000, quick: 400, description: 'of the smallest pictures' },
    history: { kind: 'integer', default: 1_000_000, quick: 5000, description: 'known at the end' },
  },
  run: async ({ images, history }, { log }) => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-ingest-'))
    try {
      const sets: Record<string, object> = {}
      for (const set of SETS) {
        const count = Math.max(200, Math.round(images * set.share))
        sets[set.name] = await measureSet({ ...set, count }, join(folder, set.name), log)
      }
      const cost: HistoryCost[] = await measureHistory(join(folder, 'history'), history, log)
      return { sets, history: cost }
    } finally {
      await rm(folder, { recursive: true })
    }
  },
})

type Set = (typeof SETS)[number] & { readonly count: number }

async function measureSet(
  { format, side, working, count, name }: Set,
  folder: string,
  log: (line: string) => void,
): Promise<object> {
  const size = { height: side, width: side, working, count }
  const pictures = await pictureFolder({
    name: `ingest-${format}-${side}-${count}`,
    format,
    ...size,
  })
  const path = `${folder}.pixeldrift`
  const checked = await checkedPerSecond(pictures, path, { count, working })
  const names = (await readdir(pictures)).toSorted()
  const files = await Promise.all(
    names.map(async (file) => ({ name: file, bytes: await readFile(join(pictures, file)) })),
  )
  const full = await withService({ folder, detector: path }, (service) => sustain(service, files))
  const half = await withService({ folder: `${folder}-half`, detector: path }, (service) =>
    pace(service, files, full / 2),
  )
  const limits = { waiting: WAITING }
  const over = await withService({ folder: `${folder}-over`, detector: path, limits }, (service) =>
    overload(service, files),
  )
  log(`${name}: ${full.toFixed(0)} images/s, check ${checked.toFixed(0)}`)
  return { count, perSecond: full, checkedPerSecond: checked, share: full / checked, half, over }
}

/** Loaded and warm, as a service is. */
async function checkedPerSecond(
  pictures: string,
  path: string,
  { count, working }: { readonly count: number; readonly working: number },
): Promise<number> {
  await using detector = await fit(await openImages(pictures), {
    epochs: 1,
    maxImages: 1000,
    workingSide: working,
  })
  await detector.save(path)
  await detector.check(await openImages(pictures))
  const started = performance.now()
  await detector.check(await openImages(pictures))
  return (1000 * count) / (performance.now() - started)
}

type Place = { readonly folder: string; readonly detector: string; readonly limits?: object }

async function withService<T>(
  { folder, detector, ...more }: Place,
  act: (service: RunningService) => Promise<T>,
): Promise<T> {
  const config = `${folder}.yaml`
  await writeFile(config, JSON.stringify({ data: folder, monitors: [{ detector }], ...more }))
  const service = runService(config)
  try {
    return await act(service)
  } finally {
    await service.stop()
    await rm(folder, { recursive: true })
  }
}

/** So many that all of its processes have started, and a window was judged. */
const WARM = 640

async function warmUp(service: RunningService, files: readonly File[]): Promise<void> {
  for (let sent = 0, turn = 0; sent < WARM; turn++) {
    const part = files.slice(0, Math.min(files.length, WARM - sent))
    await sendAll(service, part, `warm ${turn}`)
    sent += part.length
  }
  await untilCounted(service, WARM)
}

/** Images a second, those that warm it up left out. */
async function sustain(service: RunningService, files: readonly File[]): Promise<number> {
  await warmUp(service, files)
  const started = performance.now()
  await sendAll(service, files, 'full')
  await untilCounted(service, WARM + files.length)
  return (1000 * files.length) / (performance.now() - started)
}

/** Sends requests at a steady rate, whether the one before is answered or not. */
async function pace(service: RunningService, files: readonly File[], perSecond: number) {
  await warmUp(service, files)
  const everyMs = (1000 * TOGETHER) / perSecond
  const times: number[] = []
  const requests: Promise<void>[] = []
  const memory = memoryOfTree(service.pid())
  const started = performance.now()
  for (let at = 0; at < files.length; at += TOGETHER) {
    await delay(Math.max(0, started + (at / TOGETHER) * everyMs - performance.now()))
    const sent = performance.now()
    const request = async (): Promise<void> => {
      await send(service, files.slice(at, at + TOGETHER), 'half')
      times.push(performance.now() - sent)
    }
    requests.push(request())
  }
  await Promise.all(requests)
  await untilCounted(service, WARM + files.length)
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
async function overload(service: RunningService, files: readonly File[]) {
  const memory = memoryOfTree(service.pid())
  const answers: Record<string, number> = {}
  const connection = async (number: number): Promise<void> => {
    for (let at = 0; at < 3 * files.length; at += TOGETHER) {
      const from = at % files.length
      const status = await send(
        service,
        files.slice(from, from + TOGETHER),
        `over ${number} ${at}`,
      ).catch(() => 'none')
      answers[status] = (answers[status] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: 3 * CONNECTIONS }, (_, i) => connection(i)))
  return { requests: answers, mebibytes: Math.round((await memory.stop()) / MIB) }
}

async function sendAll(service: RunningService, files: readonly File[], prefix: string) {
  let next = 0
  const connection = async (): Promise<void> => {
    while (next < files.length) {
      const part = files.slice(next, next + TOGETHER)
      next += part.length
      while ((await send(service, part, prefix)) !== 202) await delay(50)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, connection))
}

async function send(
  service: RunningService,
  files: readonly File[],
  prefix: string,
): Promise<number> {
  const form = new FormData()
  form.set(
    'facts',
    JSON.stringify(files.map(({ name }) => ({ predictionId: `${prefix} ${name}` }))),
  )
  for (const { name, bytes } of files) form.append('image', new Blob([new Uint8Array(bytes)]), name)
  const url = `${await service.url()}/v1/monitors/default/images`
  const response = await fetch(url, { method: 'POST', body: form })
  await response.arrayBuffer()
  return response.status
}

async function untilCounted(service: RunningService, images: number): Promise<void> {
  const url = `${await service.url()}/v1/monitors/default`
  for (;;) {
    const { images: counted } = (await (await fetch(url)).json()) as { images: number }
    if (counted >= images) return
    await delay(20)
  }
}
