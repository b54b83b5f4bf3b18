import { type Random, tensor, type Tensor } from '../../tensor/index.ts'
import { arrangeForDevice } from '../device-layout.ts'
import { gradients } from '../gradient.ts'
import { FREE, type Node, ops } from '../graph/index.ts'
import {
  type LayerContext,
  type NoiseSource,
  parameterCount,
  type ParameterSpec,
  unpackParameters,
} from '../nn/index.ts'
import { writeModel } from '../onnx/index.ts'
import { type Feed, openSession, type SessionOptions } from '../session.ts'
import { batchLoss, partRows } from './batch-loss.ts'
import type { Optimizer } from './optimizers.ts'

/** What is learned: parameters, the arrays a batch consists of, and its mean loss. */
export type TrainingTask = {
  readonly parameters: readonly ParameterSpec[]
  /** Shape of one row of each array, by name. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** Per-step draws made outside the graph (one tensor a name, first axis the batch), e.g. rotations. */
  readonly draws?: {
    readonly inputs: Readonly<Record<string, readonly number[]>>
    draw(random: Random, batchSize: number): Readonly<Record<string, Tensor>>
  }
  /**
   * Scalar mean over the rows of its inputs, however many they are: a batch is computed in parts.
   * Without `context.noise` it is the loss to validate with.
   */
  loss(
    inputs: Readonly<Record<string, Node>>,
    parameters: readonly Node[],
    context: LayerContext,
  ): Node
}

/** Normal draws kept ready; a step reads each of its noise inputs from a random place of it. */
const NOISE_BANK = 1 << 22

/** One optimisation step as one graph, with the numbers it carries from step to step. */
export type TrainingStep = {
  /** Runs one step on a batch of the size it was built for; returns the batch's loss. */
  run(batch: Readonly<Record<string, Tensor>>, settings: StepSettings): Promise<number>
  /** Current parameters and optimizer slots, flat. */
  state(): { readonly parameters: Float32Array; readonly slots: readonly Float32Array[] }
  close(): Promise<void>
}

export type StepSettings = {
  readonly learningRate: number
  /** 1 at the first step. */
  readonly step: number
  readonly random: Random
}

export type TrainingStepOptions = SessionOptions & {
  readonly batchSize: number
  readonly optimizer: Optimizer
  readonly parameters: Float32Array
  /** Default zeros. */
  readonly slots?: readonly Float32Array[]
  /** Seeds the bank of noise. */
  readonly random: Random
}

/** Builds and loads the step: augment, forward, loss, backward and update in one graph. */
export async function openTrainingStep(
  task: TrainingTask,
  options: TrainingStepOptions,
): Promise<TrainingStep> {
  const { batchSize, optimizer, random } = options
  const graph = await buildStep(task, options)
  const session = await openSession(graph.model, options)
  const size = parameterCount(task.parameters)
  let parameters = tensor([size], options.parameters)
  const zeroSlots = Array.from({ length: optimizer.slots }, () => new Float32Array(size))
  let slots = (options.slots ?? zeroSlots).map((slot) => tensor([size], slot))
  const bank = graph.noiseSizes.length > 0 ? noiseBank(random) : undefined
  return {
    run: async (batch, { learningRate, step, random: stepRandom }) => {
      const feeds: Record<string, Feed> = {
        ...batch,
        ...task.draws?.draw(stepRandom, batchSize),
        parameters,
        'learning-rate': tensor([], Float32Array.of(learningRate)),
        step: tensor([], Float32Array.of(step)),
      }
      slots.forEach((slot, i) => (feeds[`slot-${i}`] = slot))
      if (bank !== undefined) {
        feeds['noise-bank'] = bank
        feeds['noise-starts'] = noiseStarts(graph.noiseSizes, stepRandom)
      }
      const results = await session.run(feeds)
      parameters = results['next-parameters']!
      slots = slots.map((_, i) => results[`next-slot-${i}`])
      return results['loss'].data[0]
    },
    state: () => ({ parameters: parameters.data, slots: slots.map(({ data }) => data) }),
    close: () => session.close(),
  }
}

type StepGraph = { readonly model: Uint8Array; readonly noiseSizes: readonly number[] }

async function buildStep(task: TrainingTask, options: TrainingStepOptions): Promise<StepGraph> {
  const { batchSize, optimizer, device } = options
  const size = parameterCount(task.parameters)
  const flat = ops.input('parameters', [size])
  const parameters = unpackParameters(flat, task.parameters)
  const whole = batchLoss(task, [batchSize], {
    parameters,
    context: { noise: bankedNoise().noise },
  })
  const { noise, sizes } = bankedNoise()
  const loss = batchLoss(task, partRows(whole, batchSize), { parameters, context: { noise } })
  const parts = gradients(loss, parameters)
  const gradient = ops.concat(
    parts.map((part, i) => ops.reshape(part, [partSize(task, i)])),
    0,
  )
  const learningRate = ops.input('learning-rate', [])
  const step = ops.input('step', [])
  const state = Array.from({ length: optimizer.slots }, (_, i) => ops.input(`slot-${i}`, [size]))
  const next = optimizer.update({ parameters: flat, gradient, state, learningRate, step })
  const slots = next.state.map((slot, i) => [`next-slot-${i}`, slot] as const)
  const results = { loss, 'next-parameters': next.parameters, ...Object.fromEntries(slots) }
  const outputs = await arrangeForDevice(results, device)
  const inputs = [flat, learningRate, step, ...state]
  return { model: writeModel({ name: 'training-step', inputs, outputs }), noiseSizes: sizes }
}

function partSize(task: TrainingTask, i: number): number {
  return parameterCount(task.parameters.slice(i, i + 1))
}

/** A noise source that reads from the bank, and the size of each read. */
function bankedNoise(): { readonly noise: NoiseSource; readonly sizes: number[] } {
  const sizes: number[] = []
  const bank = ops.input('noise-bank', [NOISE_BANK])
  // The vector's length is only known once the whole loss is built; the graph leaves it open.
  const starts = ops.input('noise-starts', [FREE], 'int64')
  const noise: NoiseSource = {
    normal: (shape) => {
      const size = shape.reduce((product, axis) => product * axis, 1)
      if (size > NOISE_BANK)
        throw new RangeError(`expected at most ${NOISE_BANK} noise values, got ${size}`)
      const site = ops.constant({
        shape: [1],
        data: BigInt64Array.of(BigInt(sizes.push(size) - 1)),
      })
      return ops.reshape(ops.sliceAt(bank, ops.sliceAt(starts, site, 1), size), shape)
    },
  }
  return { noise, sizes }
}

function noiseBank(random: Random): Tensor {
  const data = new Float32Array(NOISE_BANK)
  for (let i = 0; i < NOISE_BANK; i++) data[i] = random.normal()
  return tensor([NOISE_BANK], data)
}

function noiseStarts(sizes: readonly number[], random: Random): BigInt64Array {
  return BigInt64Array.from(sizes, (size) => BigInt(random.integer(NOISE_BANK - size + 1)))
}

/** Mean loss over whole arrays, as scoring sees it: no noise, any number of rows at a time. */
export async function openValidation(
  task: TrainingTask,
  options: SessionOptions,
): Promise<{
  loss(batch: Readonly<Record<string, Tensor>>, parameters: Float32Array): Promise<number>
  close(): Promise<void>
}> {
  const size = parameterCount(task.parameters)
  const flat = ops.input('parameters', [size])
  const inputs = Object.fromEntries(
    Object.entries(task.inputs).map(([name, shape]) => [name, ops.input(name, [FREE, ...shape])]),
  )
  const loss = task.loss(inputs, unpackParameters(flat, task.parameters), {})
  const outputs = await arrangeForDevice({ loss }, options.device)
  const session = await openSession(writeModel({ name: 'validation', outputs }), options)
  return {
    loss: async (batch, parameters) => {
      const results = await session.run({ ...batch, parameters: tensor([size], parameters) })
      return results['loss'].data[0]
    },
    close: () => session.close(),
  }
}
