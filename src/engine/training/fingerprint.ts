import { createHash, type Hash } from 'node:crypto'
import { createRandom, type Tensor } from '../../tensor/index.ts'
import { ops } from '../graph/index.ts'
import { parameterCount } from '../nn/index.ts'
import { writeModel } from '../onnx/index.ts'
import { batchLoss } from './batch-loss.ts'
import { bankedNoise } from './noise-bank.ts'
import type { TrainingData, TrainingOptions } from './trainer.ts'
import { buildUpdate, type TrainingTask } from './training-step.ts'

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
  digest.update(JSON.stringify([task.parameters, seed, epochs, batchSize, patience, rates]))
  digest.update(lossModel(task, batchSize))
  digest.update(buildUpdate(optimizer, parameterCount(task.parameters)))
  updateWith(digest, task.draws?.draw(createRandom(seed), 2) ?? {})
  updateWith(digest, training)
  updateWith(digest, validation)
  return digest.digest('hex')
}

function lossModel(task: TrainingTask, batchSize: number): Uint8Array {
  const parameters = task.parameters.map(({ shape }, i) => ops.input(`parameter-${i}`, shape))
  const { noise } = bankedNoise()
  const loss = batchLoss(task, [batchSize], { parameters, context: { noise } })
  return writeModel({ name: 'loss', outputs: { loss } })
}

function updateWith(digest: Hash, arrays: TrainingData | Readonly<Record<string, Tensor>>): void {
  for (const [name, { shape, data }] of Object.entries(arrays)) {
    digest.update(JSON.stringify([name, shape]))
    digest.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
  }
}
