import { throwIfCancelled } from '../../errors.ts'
import { createRandom, sliceRows, takeRows, type Tensor } from '../../tensor/index.ts'
import { initialParameters } from '../nn/index.ts'
import { type Checkpoint, type EpochRecord, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { fingerprintOf } from './fingerprint.ts'
import type { TrainingData, TrainingOptions } from './training-options.ts'
import { openTrainingStep, openValidation, type TrainingStep } from './training-step.ts'
import type { TrainingTask } from './training-task.ts'

/** The parameters with the lowest validation loss, flat, and how they came about. */
export type TrainingResult = {
  readonly parameters: Float32Array
  readonly history: readonly EpochRecord[]
  readonly bestEpoch: number
}

/** Of validation images at a time; fewer where they are large, and their intermediate values with them. */
const VALIDATION_ROWS = 500
const VALIDATION_VALUES = 8_388_608

/** Trains a task; the same seed, data and settings give the same parameters, also across a kill and resume. */
export async function train(task: TrainingTask, options: TrainingOptions): Promise<TrainingResult> {
  const rows = rowCount(options.training)
  const batchSize = Math.min(options.batchSize ?? 128, rows)
  const fingerprint =
    options.checkpoint === undefined ? '' : fingerprintOf(task, { ...options, batchSize, rows })
  let state = await startingPoint(task, options, fingerprint)
  const random = createRandom(options.seed).fork()
  const step = await openTrainingStep(task, { ...options, batchSize, ...state, random })
  const validation = await openValidation(task, options)
  try {
    while (state.history.length < options.epochs && !outOfPatience(state, options.patience)) {
      const epoch = state.history.length + 1
      const trainingLoss = await runEpoch(step, {
        ...options,
        batchSize,
        rows,
        epoch,
        history: state.history,
      })
      const current = step.state()
      const validationLoss = await meanLoss(validation, options.validation, current.parameters)
      state = advance(state, { epoch, trainingLoss, validationLoss }, current)
      if (options.checkpoint !== undefined) await writeCheckpoint(options.checkpoint, state)
      await options.onEpoch?.({ epoch, trainingLoss, validationLoss }, current.parameters)
    }
  } finally {
    await step.close()
    await validation.close()
  }
  return { parameters: state.best, history: state.history, bestEpoch: state.bestEpoch }
}

function rowCount(data: TrainingData): number {
  const counts = Object.values(data).map(({ shape }) => shape[0])
  const first = counts[0]
  if (first === undefined || first < 1)
    throw new RangeError('expected at least one row to train on, got none')
  if (counts.some((count) => count !== first))
    throw new RangeError(`expected equal row counts, got ${counts.join(', ')}`)
  return first
}

async function startingPoint(
  task: TrainingTask,
  options: TrainingOptions,
  fingerprint: string,
): Promise<Checkpoint> {
  const stored =
    options.checkpoint === undefined ? undefined : await readCheckpoint(options.checkpoint)
  if (stored?.fingerprint === fingerprint) return stored
  const parameters = initialParameters(task.parameters, options.seed)
  const slots = Array.from(
    { length: options.optimizer.slots },
    () => new Float32Array(parameters.length),
  )
  return { fingerprint, history: [], bestEpoch: 0, parameters, slots, best: parameters }
}

function outOfPatience(
  { history, bestEpoch }: Checkpoint,
  patience = Number.POSITIVE_INFINITY,
): boolean {
  return history.length - bestEpoch >= patience
}

type Epoch = TrainingOptions & {
  readonly batchSize: number
  readonly rows: number
  readonly epoch: number
  readonly history: readonly EpochRecord[]
}

/** Whole batches of a fresh order; the rows left over at the end come first in other epochs. */
async function runEpoch(step: TrainingStep, settings: Epoch): Promise<number> {
  const { training, batchSize, rows, epoch, epochs, schedule, seed, signal, onProgress } = settings
  const random = createRandom(seed + 7919 * epoch)
  const order = random.permutation(rows)
  const steps = Math.floor(rows / batchSize)
  const last = settings.history.at(-1)
  let sum = 0
  for (let i = 0; i < steps; i++) {
    throwIfCancelled(signal)
    const done = (epoch - 1) * steps + i
    const batch = takeBatch(training, order.subarray(i * batchSize, (i + 1) * batchSize))
    const learningRate = schedule(done, steps * epochs)
    sum += await step.run(batch, { learningRate, step: done + 1, random })
    onProgress?.({
      epoch,
      epochs,
      imagesDone: (done + 1) * batchSize,
      imagesTotal: steps * epochs * batchSize,
      trainingLoss: sum / (i + 1),
      ...(last === undefined ? {} : { validationLoss: last.validationLoss }),
    })
  }
  return sum / steps
}

function takeBatch(data: TrainingData, rows: Uint32Array): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(data).map(([name, values]) => [name, takeRows(values, rows)]),
  )
}

type Validation = Awaited<ReturnType<typeof openValidation>>

async function meanLoss(
  validation: Validation,
  data: TrainingData,
  parameters: Float32Array,
): Promise<number> {
  const rows = rowCount(data)
  let sum = 0
  const values = Object.values(data).reduce((total, { data: { length } }) => total + length, 0)
  const atOnce = Math.min(
    VALIDATION_ROWS,
    Math.max(1, Math.floor(VALIDATION_VALUES / (values / rows))),
  )
  for (let start = 0; start < rows; start += atOnce) {
    const end = Math.min(start + atOnce, rows)
    const part = Object.entries(data).map(
      ([name, array]) => [name, sliceRows(array, start, end)] as const,
    )
    sum += (end - start) * (await validation.loss(Object.fromEntries(part), parameters))
  }
  return sum / rows
}

function advance(
  state: Checkpoint,
  record: EpochRecord,
  { parameters, slots }: ReturnType<TrainingStep['state']>,
): Checkpoint {
  const lowest = Math.min(
    ...state.history.map(({ validationLoss }) => validationLoss),
    Number.POSITIVE_INFINITY,
  )
  const better = record.validationLoss < lowest
  return {
    fingerprint: state.fingerprint,
    history: [...state.history, record],
    bestEpoch: better ? record.epoch : state.bestEpoch,
    parameters,
    slots,
    best: better ? parameters : state.best,
  }
}
