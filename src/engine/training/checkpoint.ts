import { readFile } from 'node:fs/promises'
import { DriftError } from '../../errors.ts'
import { replaceFile } from '../../whole-file.ts'

/** Loss of one finished epoch. */
export type EpochRecord = {
  /** 1 for the first. */
  readonly epoch: number
  readonly trainingLoss: number
  readonly validationLoss: number
}

/** All a training run needs to go on where it was killed. */
export type Checkpoint = {
  /** Differs when the task, data or settings differ: a foreign checkpoint isn't resumed. */
  readonly fingerprint: string
  readonly history: readonly EpochRecord[]
  readonly bestEpoch: number
  readonly parameters: Float32Array
  readonly slots: readonly Float32Array[]
  readonly best: Float32Array
}

const MAGIC = 'pixeldrift-checkpoint-1'

/** Writes beside and renames, so that a kill leaves the old file or the new one, never half. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const { fingerprint, history, bestEpoch, parameters, slots, best } = checkpoint
  const header = JSON.stringify({
    magic: MAGIC,
    fingerprint,
    history,
    bestEpoch,
    size: parameters.length,
    slots: slots.length,
  })
  const arrays = [parameters, best, ...slots].map((array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength),
  )
  try {
    await replaceFile(path, Buffer.concat([Buffer.from(`${header}\n`), ...arrays]))
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    const message = `expected to write the training state ${path}, got ${reason}`
    throw new DriftError('output.unwritable', message, { cause })
  }
}

/** The checkpoint at `path`, or undefined when there is none; throws DriftError('artifact.corrupt') on another file. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  const bytes = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (bytes === undefined) return undefined
  try {
    return parseCheckpoint(bytes)
  } catch (cause) {
    throw new DriftError(
      'artifact.corrupt',
      `expected a training checkpoint, got another or damaged file: ${path}`,
      {
        cause,
        hint: 'Delete it to train from the start.',
      },
    )
  }
}

function parseCheckpoint(bytes: Buffer): Checkpoint {
  const end = bytes.indexOf(10)
  const header = JSON.parse(bytes.subarray(0, end).toString()) as Record<string, unknown>
  const { magic, fingerprint, history, bestEpoch, size, slots } = header as {
    magic: string
    fingerprint: string
    history: EpochRecord[]
    bestEpoch: number
    size: number
    slots: number
  }
  if (magic !== MAGIC || bytes.length !== end + 1 + 4 * size * (2 + slots))
    throw new Error('not a checkpoint')
  const array = (i: number) =>
    new Float32Array(
      new Uint8Array(bytes.subarray(end + 1 + 4 * size * i, end + 1 + 4 * size * (i + 1))).buffer,
    )
  return {
    fingerprint,
    history,
    bestEpoch,
    parameters: array(0),
    best: array(1),
    slots: Array.from({ length: slots }, (_, i) => array(2 + i)),
  }
}
