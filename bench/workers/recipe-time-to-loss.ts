/** Our worker of the topic `time-to-loss`: the recipe's architecture under our optimizer and schedule. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  adam,
  binaryCrossEntropy,
  graphAugmentation,
  initialParameters,
  oneCycleSchedule,
  openTrainingStep,
  openValidation,
  ops,
  type TrainingStep,
  type TrainingTask,
} from '../../src/engine/index.ts'
import { recipeArchitecture, reconstructionTask } from '../../src/representations/index.ts'
import {
  createRandom,
  type Random,
  sliceRows,
  takeRows,
  type Tensor,
  tensor,
} from '../../src/tensor/index.ts'
import { serveProcess } from '../../evaluation/harness/serve-process.ts'
import { runtimeVersion, SHAPE } from './recipe-model.ts'

const NOISE = 0.5
const ROWS_AT_ONCE = 500

type Request = {
  readonly seed: number
  readonly loss: number
  /** Length of the schedule; parts of an epoch count. */
  readonly epochs: number
  /** Evaluations of the validation loss per epoch. */
  readonly evaluations: number
  readonly batch: number
  readonly peak: number
}

type Opened = {
  readonly step: TrainingStep
  readonly validate: Awaited<ReturnType<typeof openValidation>>
  readonly random: Random
}

const { values } = parseArgs({
  options: { data: { type: 'string', default: '' }, threads: { type: 'string' } },
})
const session = values.threads === undefined ? {} : { threads: Number(values.threads) }
const training = await readImages('training')
const validation = await readImages('validation')
const noisyValidation = addNoise(validation, 2)
const architecture = recipeArchitecture(SHAPE)
const task = reconstructionTask(architecture, SHAPE, graphAugmentation({ noise: NOISE }, SHAPE))

/** The loss that the target is stated in: clean digits by the reconstructions of their noisy copies. */
const validationTask: TrainingTask = {
  parameters: task.parameters,
  inputs: { noisy: [1, 28, 28], clean: [1, 28, 28] },
  loss: ({ noisy, clean }, parameters) => {
    const count = architecture.encoder.parameters.length
    const representation = architecture.encoder.apply(noisy, parameters.slice(0, count), {})
    const logits = architecture.decoder.apply(representation, parameters.slice(count), {})
    return ops.reduceMean(binaryCrossEntropy(logits, clean))
  },
}

/** Trains until the validation loss is reached; only training is on the clock. */
async function run(request: Request): Promise<object> {
  const random = createRandom(request.seed)
  const step = await openTrainingStep(task, {
    batchSize: request.batch,
    optimizer: adam(),
    parameters: initialParameters(task.parameters, request.seed),
    random,
    ...session,
  })
  const validate = await openValidation(validationTask, session)
  try {
    return await trainTo(request, { step, validate, random })
  } finally {
    await step.close()
    await validate.close()
  }
}

async function trainTo(
  { loss, epochs, evaluations, batch, peak }: Request,
  { step, validate, random }: Opened,
): Promise<object> {
  const stepsPerPart = Math.floor(rowCount(training) / batch / evaluations)
  const steps = stepsPerPart * Math.round(epochs * evaluations)
  const schedule = oneCycleSchedule({ peak })
  const batches = drawBatches(batch, random)
  const trace: { readonly seconds: number; readonly validationLoss: number }[] = []
  let seconds = 0
  for (let done = 0; done < steps;) {
    const started = performance.now()
    for (const end = done + stepsPerPart; done < end; done++) {
      const images = batches.next().value
      await step.run({ images }, { learningRate: schedule(done, steps), step: done + 1, random })
    }
    seconds += (performance.now() - started) / 1000
    const validationLoss = await meanLoss(validate, step.state().parameters)
    trace.push({ seconds, validationLoss })
    console.error(`${seconds.toFixed(1)} s: validation loss ${validationLoss.toFixed(4)}`)
    if (validationLoss <= loss) return { seconds, reached: true, trace }
  }
  return { seconds, reached: false, trace }
}

/** Training images in batches, every epoch in a fresh order. */
function* drawBatches(batch: number, random: Random): Generator<Tensor, never> {
  for (;;) {
    const order = random.permutation(rowCount(training))
    for (let end = batch; end <= order.length; end += batch) {
      yield takeRows(training, order.subarray(end - batch, end))
    }
  }
}

async function meanLoss(validate: Opened['validate'], parameters: Float32Array): Promise<number> {
  const rows = rowCount(validation)
  let sum = 0
  for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
    const end = Math.min(start + ROWS_AT_ONCE, rows)
    const part = {
      noisy: sliceRows(noisyValidation, start, end),
      clean: sliceRows(validation, start, end),
    }
    sum += (end - start) * (await validate.loss(part, parameters))
  }
  return sum / rows
}

function addNoise(images: Tensor, seed: number): Tensor {
  const random = createRandom(seed)
  const noisy = (value: number): number => Math.min(1, Math.max(0, value + NOISE * random.normal()))
  return tensor(images.shape, images.data.map(noisy))
}

async function readImages(name: string): Promise<Tensor> {
  const header = await readFile(join(values.data, `${name}.json`), 'utf8')
  const { buffer, byteOffset, byteLength } = await readFile(join(values.data, `${name}.f32`))
  const { shape } = JSON.parse(header) as { shape: number[] }
  return tensor(shape, new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)))
}

function rowCount({ shape: [rows = 0] }: Tensor): number {
  return rows
}

await serveProcess({ name: 'pixeldrift', version: runtimeVersion() }, { run })
