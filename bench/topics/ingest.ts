import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { type RunningService, runService } from '../../evaluation/monitor/running-service.ts'
import { type Detector, fit } from '../../src/detector/index.ts'
import { openImages } from '../../src/images/index.ts'
import { type HistoryCost, measureHistory } from '../harness/history-cost.ts'
import type { PictureFile } from '../harness/ingest-client.ts'
import { overload, pace, type Spent, sustain } from '../harness/ingest-load.ts'
import { pictureFolder } from '../harness/picture-folders.ts'
import { ownProcessorSeconds } from '../harness/processor-time.ts'
import { defineTopic } from '../harness/topic.ts'

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
    'Picture files sent to `serve` over loopback (SQLite, all of its settings’ defaults: each image stored for good before its request is answered, taken into the stream, guarded, windows of 500 judged), by a client on the same machine and the same cores whose requests are made before: images a second from the first request until the last image is counted, 16 a request as multipart over four connections, and one a request over sixteen. Beside it `check` of the same files by a loaded detector with all cores, judging them once included; it runs before and after, the mean stands here. At half of that rate the time until a request is answered, and the memory of all processes of the service; and sent as fast as it can be by twelve connections, with room for 2,000 waiting images, whether each request gets an answer, and the memory. Processor time is that of all processes. Then the time of storing and counting an image once so many are known, and what it takes in the database (numbers and maps made up, no pictures).',
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

// oxlint-disable-next-line eslint/max-params -- what, where, whom to tell
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
  await using detector = await fit(await openImages(pictures), {
    epochs: 1,
    maxImages: 1000,
    workingSide: working,
  })
  const path = `${folder}.pixeldrift`
  await detector.save(path)
  const files = await readFiles(pictures)
  await check(detector, pictures, count)
  const before = await check(detector, pictures, count)
  const multipart = await withService({ folder, detector: path }, (service) =>
    sustain(service, files, { kind: 'multipart', images: 16 }),
  )
  const single = await withService({ folder: `${folder}-single`, detector: path }, (service) =>
    sustain(service, files, { kind: 'single' }),
  )
  const after = await check(detector, pictures, count)
  const half = await withService({ folder: `${folder}-half`, detector: path }, (service) =>
    pace(service, files, multipart.perSecond / 2),
  )
  const limits = { waiting: WAITING }
  const over = await withService({ folder: `${folder}-over`, detector: path, limits }, (service) =>
    overload(service, files),
  )
  const checked = meanOf(before, after)
  const share = (spent: Spent): Spent & { readonly share: number } => ({
    ...spent,
    share: spent.perSecond / checked.perSecond,
  })
  const sustained = { multipart: share(multipart), single: share(single) }
  log(
    `${name}: check ${Math.round(before.perSecond)}, ${Math.round(after.perSecond)} images/s; ${JSON.stringify(sustained)}`,
  )
  return { count, check: checked, ...sustained, half, over }
}

async function readFiles(folder: string): Promise<PictureFile[]> {
  const names = (await readdir(folder)).toSorted()
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await readFile(join(folder, name)) })),
  )
}

/** Loaded and warm, as a service is. */
async function check(detector: Detector, pictures: string, images: number): Promise<Spent> {
  const [started, spent] = [performance.now(), ownProcessorSeconds()]
  await detector.check(await openImages(pictures))
  return {
    perSecond: (1000 * images) / (performance.now() - started),
    processorMs: (1000 * (ownProcessorSeconds() - spent)) / images,
  }
}

function meanOf(one: Spent, other: Spent): Spent {
  return {
    perSecond: (one.perSecond + other.perSecond) / 2,
    processorMs: (one.processorMs + other.processorMs) / 2,
  }
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
