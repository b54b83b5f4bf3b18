import { type Random, tensor, type Tensor } from '../../tensor/index.ts'
import { arrangeForDevice } from '../device-layout.ts'
import { FREE, ops } from '../graph/index.ts'
import { parameterCount, unpackParameters } from '../nn/index.ts'
import { writeModel } from '../onnx/index.ts'
import { openSession, type SessionOptions } from '../session.ts'
import { type BatchGradientOptions, openBatchGradient } from './batch-gradient.ts'
import type { Optimizer } from './optimizers.ts'
import type { TrainingTask } from './training-task.ts'

/** One optimisation step: gradient and update, with the numbers carried from step to step. */
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

export type TrainingStepOptions = BatchGradientOptions & {
  readonly optimizer: Optimizer
  readonly parameters: Float32Array
  /** Default zeros. */
  readonly slots?: readonly Float32Array[]
}

/** Builds and loads the step: augmentation, forward and backward in one graph for each thread, the update in another. */
export async function openTrainingStep(
  task: TrainingTask,
  options: TrainingStepOptions,
): Promise<TrainingStep> {
  const { optimizer } = options
  const size = parameterCount(task.parameters)
  const batchGradient = await openBatchGradient(task, options)
  const update = await openSession(buildUpdate(optimizer, size), { ...options, threads: 1 })
  let parameters = tensor([size], options.parameters)
  const zeroSlots = Array.from({ length: optimizer.slots }, () => new Float32Array(size))
  let slots = (options.slots ?? zeroSlots).map((slot) => tensor([size], slot))
  return {
    run: async (batch, { learningRate, step, random }) => {
      const { loss, gradient } = await batchGradient.run(batch, parameters, random)
      const results = await update.run({
        parameters,
        gradient,
        'learning-rate': tensor([], Float32Array.of(learningRate)),
        step: tensor([], Float32Array.of(step)),
        ...Object.fromEntries(slots.map((slot, i) => [`slot-${i}`, slot])),
      })
      parameters = results['next-parameters']
      slots = slots.map((_, i) => results[`next-slot-${i}`])
      return loss
    },
    state: () => ({ parameters: parameters.data, slots: slots.map(({ data }) => data) }),
    close: async () => void (await Promise.all([batchGradient.close(), update.close()])),
  }
}

/** The optimizer's rule as a model: flat vectors in, flat vectors out. */
export function buildUpdate(optimizer: Optimizer, size: number): Uint8Array {
  const vector = (name: string) => ops.input(name, [size])
  const [parameters, gradient] = [vector('parameters'), vector('gradient')]
  const [learningRate, step] = [ops.input('learning-rate', []), ops.input('step', [])]
  const state = Array.from({ length: optimizer.slots }, (_, i) => vector(`slot-${i}`))
  const next = optimizer.update({ parameters, gradient, state, learningRate, step })
  const slots = next.state.map((slot, i) => [`next-slot-${i}`, slot] as const)
  return writeModel({
    name: 'update',
    inputs: [parameters, gradient, learningRate, step, ...state],
    outputs: { 'next-parameters': next.parameters, ...Object.fromEntries(slots) },
  })
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
