import { DriftError } from '../../errors.ts'
import type { Log } from '../log/index.ts'
import { openProcessPool, ProcessEndedError, startProcess } from '../processes/index.ts'
import type {
  ImageToMeasure,
  MeasureAnswer,
  MeasuredOne,
  MeasureRequest,
} from './measuring-messages.ts'

/** Measures images in processes of their own. */
export type Measurer = {
  /** What came of each, in their order. Whatever an image does to a process, the others are measured. */
  measure(
    detector: string,
    images: readonly ImageToMeasure[],
    options?: MeasureOptions,
  ): Promise<MeasuredOne[]>
  readonly restarts: number
  close(): Promise<void>
}

/** `thumbnails`: a small picture of each too. Default none. */
export type MeasureOptions = { readonly thumbnails?: boolean | undefined }

export type MeasurerOptions = {
  readonly processes: number
  /** For one question of 128 images; fewer get less. */
  readonly timeoutMs: number
  readonly memoryBytes: number
  /** Images with more are left out. */
  readonly pixelLimit: number
  readonly artifactOf: (detector: string) => Promise<Uint8Array>
  readonly log: Log
  /** Default: the process of this folder. */
  readonly start?: () => ReturnType<typeof startProcess<MeasureRequest, MeasureAnswer>>
}

/** Images of one question. */
const TOGETHER = 128
/** Share of the time for so many that a single one gets: to find the one that hangs takes a few times the whole. */
const LEAST_TIME = 1 / 8

/** Starts processes as they are needed. */
export function openMeasurer({
  processes,
  pixelLimit,
  artifactOf,
  start = () => startProcess('./measuring-process', import.meta.url),
  ...limits
}: MeasurerOptions): Measurer {
  const pool = openProcessPool<MeasureRequest, MeasureAnswer>({ start, size: processes, ...limits })
  const ask = async (
    detector: string,
    images: readonly ImageToMeasure[],
    thumbnails: boolean,
  ): Promise<readonly MeasuredOne[]> => {
    const request = { detector: { id: detector }, images, pixelLimit, thumbnails }
    for (let artifact: Uint8Array | undefined; ;) {
      const question = { ...request, detector: { id: detector, artifact } }
      const timeoutMs = limits.timeoutMs * Math.max(LEAST_TIME, images.length / TOGETHER)
      const answer = await pool.ask(question, { timeoutMs })
      if (answer !== 'needs-detector') return answer.images
      artifact = await artifactOf(detector)
    }
  }
  return {
    get restarts() {
      return pool.restarts
    },
    measure: async (detector, images, { thumbnails = false } = {}) => {
      const measured = await Promise.all(
        inParts(images).map((part) =>
          measureApart(part, (some) => ask(detector, some, thumbnails)),
        ),
      )
      return measured.flat()
    },
    close: () => pool.close(),
  }
}

/** Cut where sixteen are full, so that few rows are filled up. */
function inParts(images: readonly ImageToMeasure[]): ImageToMeasure[][] {
  const parts: ImageToMeasure[][] = []
  for (const image of images) {
    const part = parts.at(-1)
    if (part === undefined || image.ordinal % TOGETHER === 0) parts.push([image])
    else part.push(image)
  }
  return parts
}

/** So often one image alone may end a process before it is left out: others may have been the reason at first. */
const TRIES = 2

type Ask = (images: readonly ImageToMeasure[]) => Promise<readonly MeasuredOne[]>

/** Measures halves apart where the whole fails, down to the image that does it. */
async function measureApart(
  images: readonly ImageToMeasure[],
  ask: Ask,
  tries = TRIES,
): Promise<readonly MeasuredOne[]> {
  try {
    return await ask(images)
  } catch (error) {
    if (!isOfImages(error)) throw error
    if (images.length > 1) {
      const half = Math.ceil(images.length / 2)
      const first = await measureApart(images.slice(0, half), ask)
      return [...first, ...(await measureApart(images.slice(half), ask))]
    }
    if (error instanceof ProcessEndedError && tries > 1) return measureApart(images, ask, tries - 1)
    return images.map((image) => leftOut(image, error))
  }
}

/** What an image may have done, unlike a detector that can't be loaded. */
function isOfImages(error: unknown): error is ProcessEndedError | DriftError {
  if (error instanceof ProcessEndedError) return error.ending !== 'not-started'
  return error instanceof DriftError && /^(image|model-outputs|source)\./.test(error.code)
}

const DEADLY = {
  'not-started': 'no process could be started for it',
  crashed: 'it ended the process that measured it',
  'too-slow': 'it took too long to measure',
  'too-large': 'it took too much memory to measure',
} as const

function leftOut(
  { number, record: { id } }: ImageToMeasure,
  error: ProcessEndedError | DriftError,
): MeasuredOne {
  if (error instanceof DriftError) return { number, code: error.code, message: error.message }
  return { number, code: 'image.poisonous', message: `${id}: ${DEADLY[error.ending]}` }
}
