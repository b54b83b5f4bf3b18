import { availableParallelism } from 'node:os'
import { modelThreadKind } from '../engine/index.ts'
import { mapSideInputs } from '../images/index.ts'
import { concatenateValues, sliceRows, type Tensor } from '../tensor/index.ts'
import { copyRows, requireInput } from '../representations/index.ts'
import type { Extractor } from './extractor.ts'
import {
  type Files,
  measureAlone,
  type MeasureAnswer,
  type MeasureRequest,
} from './measuring-messages.ts'

export type ExtractorThreadsOptions = {
  /** Default one per core. */
  readonly threads?: number | undefined
}

/** An extractor that may have threads of its own. */
export type ThreadedExtractor = Extractor & {
  /** Starts the threads now; resolves when they measure. */
  start(): Promise<void>
}

const kind = modelThreadKind<Files, MeasureRequest, MeasureAnswer>(
  './measuring-thread',
  import.meta.url,
)

/** Pixel values measured on the thread that asks before others are started: that takes as long as some 10⁶ values. */
const WORTH_THREADS = 1 << 20
/** Of all threads' copies of the models. */
const LARGEST_COPIES = 1 << 28

/**
 * The same numbers, on several threads once there is work for them: each measures its rows alone, with a copy of the
 * models, so that all cores are busy and the thread that asks is free. Starts no thread for a few images.
 */
export function extractOnThreads(
  extractor: Extractor,
  { threads = availableParallelism() }: ExtractorThreadsOptions = {},
): ThreadedExtractor {
  const pool = createWorkerPool(extractor, threads)
  const { autoencoder } = extractor
  const measure = (request: MeasureRequest): Promise<Float32Array> =>
    pool.measure(request, () => measureAlone(extractor, request))
  return {
    ...extractor,
    transform: (pixels, sideInputs = {}) => measure({ measure: 'all', pixels, sideInputs }),
    autoencoder: {
      ...autoencoder,
      measureInto: async (inputs, target) => {
        const pixels = requireInput(inputs, 'pixels')
        const values = await measure({ measure: 'autoencoder', pixels, sideInputs: {} })
        copyRows({ values, width: autoencoder.columns.length }, target)
      },
    },
    start: pool.start,
    close: async () => {
      await pool.close()
      await extractor.close()
    },
  }
}

/** The threads of an extractor: started when they are worth it, and never in the way before they are ready. */
function createWorkerPool(extractor: Extractor, threads: number) {
  let opening: Promise<readonly Worker[]> | undefined
  let isOpen = false
  let measured = 0
  let last: Promise<unknown> = Promise.resolve()
  const start = async (): Promise<void> => {
    opening ??= openWorkers(extractor.save(), threads)
    await opening.finally(() => (isOpen = true))
  }
  /** A thread that failed has ended: what follows is measured without any. */
  const endAll = async (): Promise<void> => {
    const workers = (await opening?.catch(() => [])) ?? []
    opening = Promise.resolve([])
    await Promise.all(workers.map((worker) => worker.close()))
  }
  return {
    start,
    /** `alone` measures on the thread that asks, while there are no others. */
    measure: async (
      request: MeasureRequest,
      alone: () => Promise<Float32Array>,
    ): Promise<Float32Array> => {
      measured += request.pixels.data.length
      // A failure is thrown by the measuring that follows.
      const isWorthIt = threads > 1 && measured >= WORTH_THREADS
      if (isWorthIt && opening === undefined) start().catch(() => {})
      if (!isOpen) return alone()
      // One batch after the other: a thread takes one question at a time.
      const result = last.then(async () => {
        const workers = (await opening) ?? []
        return workers.length === 0 ? alone() : measureShared(workers, request)
      })
      last = result.catch(endAll)
      return result
    },
    close: async () => {
      await last
      await endAll()
    },
  }
}

/** A thread that measures; one request at a time. */
type Worker = {
  measure(request: MeasureRequest): Promise<Float32Array>
  close(): Promise<void>
}

/** None where the models are too large to be copied. */
async function openWorkers(files: Files, threads: number): Promise<readonly Worker[]> {
  const bytes = [...files.values()].reduce((sum, file) => sum + file.byteLength, 0)
  const count = Math.min(threads, Math.floor(LARGEST_COPIES / bytes))
  if (count < 2) return []
  return Promise.all(Array.from({ length: count }, () => openWorker(files)))
}

/** Its pixels travel to and fro in one piece of memory: were it new each time, collecting it would cost a sixth of all. */
async function openWorker(files: Files): Promise<Worker> {
  const thread = await kind.open(files)
  let memory = new ArrayBuffer()
  return {
    measure: async ({ measure, pixels, sideInputs }) => {
      const { shape, data } = pixels
      if (memory.byteLength < data.byteLength) memory = new ArrayBuffer(data.byteLength)
      const copy = new Float32Array(memory, 0, data.length)
      copy.set(data)
      const request = {
        measure,
        pixels: { shape, data: copy },
        sideInputs: mapSideInputs(sideInputs, copyOf),
      }
      const answer = await thread.ask(request, [memory])
      memory = answer.memory
      return answer.values
    },
    close: () => thread.close(),
  }
}

/** A view would travel with all the memory it looks into. */
function copyOf({ shape, data }: Tensor): Tensor {
  return { shape, data: data.slice() }
}

/**
 * Rows are dealt out in blocks of so many: the runtime multiplies the last rows of a run otherwise than whole blocks, so
 * that numbers would differ in their last digit by the number of threads.
 */
const ROWS_TOGETHER = 16

async function measureShared(
  workers: readonly Worker[],
  { measure, pixels, sideInputs }: MeasureRequest,
): Promise<Float32Array> {
  const [rows] = pixels.shape
  const blocks = Math.ceil(rows / ROWS_TOGETHER)
  const startOf = (i: number): number =>
    Math.min(rows, ROWS_TOGETHER * Math.floor((i * blocks) / workers.length))
  const parts = await allAnswers(
    workers.map(async (worker, i) => {
      const [start, end] = [startOf(i), startOf(i + 1)]
      if (start === end) return new Float32Array()
      const own = (all: Tensor): Tensor => sliceRows(all, start, end)
      return worker.measure({
        measure,
        pixels: own(pixels),
        sideInputs: mapSideInputs(sideInputs, own),
      })
    }),
  )
  return concatenateValues(parts)
}

/** Waits for all, also when one fails: the others must be idle before anything else is asked of them. */
async function allAnswers<T>(answers: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(answers)
  return Promise.all(answers)
}
