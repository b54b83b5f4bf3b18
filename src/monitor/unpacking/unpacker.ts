import { DriftError } from '../../errors.ts'
import type { Log } from '../log/index.ts'
import { openProcessPool, ProcessEndedError, startProcess } from '../processes/index.ts'
import type { Body, UnpackAnswer, UnpackedImage, UnpackRequest } from './unpacking-messages.ts'

/** Reads arrays, tables and archives that were sent, in a process of its own, one after the other. */
export type Unpacker = {
  /**
   * Reads a body whole and then gives its images part by part to `take`; throws DriftError before the first of them where
   * it is damaged, hostile, empty or too much.
   */
  unpack(body: Body, take: TakeParts): Promise<void>
  readonly restarts: number
  close(): Promise<void>
}

/** `isNamed`: images have names of their own; else each is known by its place. */
export type TakeParts = (
  parts: AsyncIterable<readonly UnpackedImage[]>,
  facts: { readonly isNamed: boolean },
) => Promise<void>

export type UnpackOptions = {
  readonly timeoutMs: number
  readonly memoryBytes: number
  readonly log: Log
}

/** Starts its process when it is needed. */
export function openUnpacker(limits: UnpackOptions): Unpacker {
  const pool = openProcessPool<UnpackRequest, UnpackAnswer>({
    start: () => startProcess('./unpacking-process', import.meta.url),
    size: 1,
    ...limits,
  })
  let last: Promise<void> = Promise.resolve()
  const ask = async (request: UnpackRequest): Promise<Exclude<UnpackAnswer, 'lost'>> => {
    const answer = await pool.ask(request).catch((error: unknown) => {
      throw error instanceof ProcessEndedError ? endedBy(error) : error
    })
    if (answer === 'lost') throw endedBy(new ProcessEndedError('crashed', 'it was lost'))
    return answer
  }
  const unpackNow: Unpacker['unpack'] = async (body, take) => {
    const answer = await ask({ kind: 'open', body })
    if (!('opened' in answer)) throw new TypeError('expected an opened body')
    await take(partsOf(ask), answer.opened)
  }
  return {
    get restarts() {
      return pool.restarts
    },
    unpack: (body, take) => {
      const own = last.then(() => unpackNow(body, take))
      last = own.catch(() => {})
      return own
    },
    close: () => pool.close(),
  }
}

async function* partsOf(
  ask: (request: UnpackRequest) => Promise<Exclude<UnpackAnswer, 'lost'>>,
): AsyncGenerator<readonly UnpackedImage[]> {
  for (;;) {
    const answer = await ask({ kind: 'next' })
    if (!('images' in answer) || answer.images.length === 0) return
    yield answer.images
  }
}

const DEADLY = {
  'not-started': 'no process could be started to read it',
  crashed: 'it ended the process that read it',
  'too-slow': 'it took too long to read',
  'too-large': 'it took too much memory to read',
} as const

/** What a body did to its process is its own doing, unlike a process that can't be started. */
function endedBy({ ending }: ProcessEndedError): DriftError {
  const isOurs = ending === 'not-started'
  return new DriftError(isOurs ? 'resource.unavailable' : 'image.too-large', DEADLY[ending], {
    hint: 'Send it in parts, or its images by themselves.',
    retryable: isOurs,
  })
}
