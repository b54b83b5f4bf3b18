import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { fit } from '../../src/detector/index.ts'
import { arrayImages } from '../../src/images/index.ts'
import { createRandom, type Random } from '../../src/tensor/index.ts'
import { loadPooledMnist } from '../data/mnist.ts'
import { type PackedImages, unpackImages } from '../data/packed-images.ts'
import { defineStudy } from '../harness/study.ts'
import { npyBytes } from '../stream/npy-bytes.ts'

type Cell = { readonly kills: number; readonly images: number; readonly seed: number }

type Result = {
  readonly images: number
  readonly kills: number
  /** Runs that ended by themselves, the last one among them. */
  readonly ended: number
  readonly events: number
  /** Lines that were printed by more than one run. */
  readonly repeated: number
  readonly areEventsEqual: boolean
  readonly isStateEqual: boolean
}

const BIN = fileURLToPath(new URL('../../bin/pixeldrift.js', import.meta.url))
const FITTED = 3000
/** Images that stay as they are, then as many darkened by a third, and so on. */
const STRETCH = 4000
/** Parts that a run writes before it is killed, at most. */
const MOST_PARTS = 3

/** Does a stream that is killed again and again tell the same events as one that is left alone? */
export const study = defineStudy({
  title: 'A stream that is killed',
  description:
    'Digits that turn dark and bright again, watched by the command `stream` with a state file: once without a kill, then by runs that are killed (SIGKILL) at random moments and started again. Every event has to be there, with the same words and numbers and in the same order, and the state at the end has to be the same to the byte; a line that a kill left half-written, or that a second run prints again, counts once.',
  revision: 1,
  dependsOn: ['streams'],
  maximumWorkers: 1,
  options: {
    kills: { kind: 'integer', default: 100, quick: 3, description: 'kills' },
    images: { kind: 'integer', default: 60_000, quick: 8000, description: 'images of the stream' },
    seed: { kind: 'integer', default: 1, description: 'of the moments' },
  },
  cells: ({ kills, images, seed }): Cell[] => [{ kills, images, seed }],
  run: async (cell: Cell, { log, threads }): Promise<Result> => {
    const folder = await mkdtemp(join(tmpdir(), 'pixeldrift-kills-'))
    try {
      return await runCell(cell, { folder, log, threads })
    } finally {
      await rm(folder, { recursive: true })
    }
  },
  summarise: (outcomes) => ({ streams: outcomes.map(({ result }) => result) }),
})

type Place = {
  readonly folder: string
  readonly threads: number
  readonly log: (line: string) => void
}

async function runCell(
  { kills, images, seed }: Cell,
  { folder, log, threads }: Place,
): Promise<Result> {
  const pool = await loadPooledMnist()
  const detector = join(folder, 'd.pixeldrift')
  await fitFirst(pool, detector, threads)
  const location = join(folder, 'stream.npy')
  await writeFile(location, streamOf(pool, images))
  const watch = [BIN, 'stream', detector, location, '--json', '--false-alarm-every', '10000']
  const command = (state: string): string[] => [...watch, '--state', join(folder, state)]
  const alone = await run(command('alone.state'))
  const random = createRandom(seed)
  const lines: string[] = []
  let [killed, ended] = [0, 0]
  while (ended === 0) {
    const moment = killed < kills ? momentOf(random, join(folder, 'killed.state')) : undefined
    const { code, lines: told } = await run(command('killed.state'), moment)
    lines.push(...told)
    if (code === null) killed++
    else ended++
    if (killed % 10 === 0) log(`${killed} kills, ${lines.length} lines`)
  }
  const once = lines.filter((line, i) => lines.indexOf(line) === i)
  const [first, second] = await Promise.all(
    ['alone.state', 'killed.state'].map((state) => readFile(join(folder, state))),
  )
  return {
    images,
    kills: killed,
    ended,
    events: alone.lines.length,
    repeated: lines.length - once.length,
    areEventsEqual: once.join('\n') === alone.lines.join('\n'),
    isStateEqual: first.equals(second),
  }
}

async function fitFirst(pool: PackedImages, path: string, threads: number): Promise<void> {
  const rows = Uint32Array.from({ length: FITTED }, (_, i) => pool.count - 1 - i)
  await using detector = await fit(arrayImages(unpackImages(pool, rows)), { epochs: 2, threads })
  await detector.save(path)
}

/** N×28×28 bytes as NPY. */
function streamOf({ pixels, shape }: PackedImages, images: number): Uint8Array {
  const size = shape.height * shape.width
  const bytes = new Uint8Array(images * size)
  // As they stand in the archive, digits of one writer follow each other.
  const order = createRandom(1).permutation(images)
  order.forEach((row, i) => bytes.set(pixels.subarray(row * size, (row + 1) * size), i * size))
  for (let i = 0; i < bytes.length; i++) {
    const isDark = Math.floor(i / size / STRETCH) % 2 === 1
    if (isDark) bytes[i] = Math.round((2 / 3) * bytes[i])
  }
  return npyBytes([images, shape.height, shape.width], bytes)
}

/** When to kill a run: once it has written its state some times, and some milliseconds later. */
type Moment = { readonly parts: number; readonly moreMs: number; readonly state: string }

function momentOf(random: Random, state: string): Moment {
  return { parts: random.integer(MOST_PARTS + 1), moreMs: random.uniform() * 60, state }
}

/** Resolves at the moment, or never where the run ends before. */
async function waitFor({ parts, moreMs, state }: Moment, signal: AbortSignal): Promise<void> {
  // Each state is another file under the same name.
  const written = async (): Promise<number> => (await stat(state).catch(() => undefined))?.ino ?? 0
  let last = await written()
  for (let part = 0; part < parts; part++) {
    let now = last
    while (now === last) {
      await delay(2, undefined, { signal })
      now = await written()
    }
    last = now
  }
  await delay(moreMs, undefined, { signal })
}

type Ended = { readonly code: number | null; readonly lines: readonly string[] }

/** Runs the command; whole lines of what it said, null for the code of one that was killed. */
async function run(words: readonly string[], moment?: Moment): Promise<Ended> {
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text += part))
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const ending = new AbortController()
  if (moment !== undefined) {
    const due = waitFor(moment, ending.signal).then(
      () => child.kill('SIGKILL'),
      () => false,
    )
    await Promise.race([due, closed])
  }
  const code = await closed
  ending.abort()
  if (code !== null && code > 1) throw new Error(`the stream ended with ${code}`)
  return { code, lines: text.split('\n').slice(0, -1) }
}
