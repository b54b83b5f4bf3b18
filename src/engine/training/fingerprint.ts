import { createHash, type Hash } from 'node:crypto'
import { createRandom, type Tensor } from '../../tensor/index.ts'
import { parameterCount } from '../nn/index.ts'
import { writeModel } from '../onnx/index.ts'
import { unboundLoss } from './batch-loss.ts'
import type { TrainingData, TrainingOptions } from './training-options.ts'
import { buildUpdate } from './training-step.ts'
import type { TrainingTask } from './training-task.ts'

/** Bytes; a digest takes fewer than 2³¹ in one piece, and large images are more. */
const DIGESTED_AT_ONCE = 268_435_456
/** How many rates of a schedule stand for all of them. */
const RATES = 64

/**
 * Digest of all that decides what a training does: data, initial values, loss, random changes, optimizer, rates.
 * Functions are told apart by the graphs and numbers they give.
 */
export function fingerprintOf(
  task: TrainingTask,
  options: TrainingOptions & { readonly batchSize: number; readonly rows: number },
): string {
  const { seed, epochs, batchSize, rows, patience, optimizer, training, validation } = options
  const digest = createHash('sha256')
  const steps = Math.floor(rows / batchSize) * epochs
  const rates = Array.from({ length: RATES }, (_, i) =>
    options.schedule(Math.floor((i * steps) / RATES), steps),
  )
  const { parameters } = task
  digest.update(JSON.stringify({ parameters, seed, epochs, batchSize, patience, rates }))
  digest.update(lossModel(task, batchSize))
  digest.update(buildUpdate(optimizer, parameterCount(parameters)))
  updateWith(digest, task.draws?.draw(createRandom(seed), 2) ?? {})
  updateWith(digest, training)
  updateWith(digest, validation)
  return digest.digest('hex')
}

function lossModel(task: TrainingTask, batchSize: number): Uint8Array {
  return writeModel({ name: 'loss', outputs: { loss: unboundLoss(task, batchSize).loss } })
}

function updateWith(digest: Hash, arrays: TrainingData | Readonly<Record<string, Tensor>>): void {
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    digest.update(JSON.stringify([name, shape]))
    for (let start = 0; start < data.byteLength; start += DIGESTED_AT_ONCE) {
      const length = Math.min(DIGESTED_AT_ONCE, data.byteLength - start)
      digest.update(new Uint8Array(data.buffer, data.byteOffset + start, length))
    }
  }
}
