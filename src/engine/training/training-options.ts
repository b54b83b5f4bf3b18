import type { Tensor } from '../../tensor/index.ts'
import type { SessionOptions } from '../session.ts'
import type { EpochRecord } from './checkpoint.ts'
import type { Optimizer } from './optimizers.ts'
import type { Schedule } from './schedules.ts'

/** Arrays by input name, equal first axes. */
export type TrainingData = Readonly<Record<string, Tensor>>

export type TrainingProgress = {
  readonly epoch: number
  readonly epochs: number
  /** Images seen since the start, and in all epochs together. */
  readonly imagesDone: number
  readonly imagesTotal: number
  /** Mean loss of this epoch so far. */
  readonly trainingLoss: number
  /** Of the last finished epoch. */
  readonly validationLoss?: number | undefined
}

export type TrainingOptions = SessionOptions & {
  readonly training: TrainingData
  readonly validation: TrainingData
  readonly epochs: number
  /** Default 128; at most the number of training rows. */
  readonly batchSize?: number | undefined
  readonly optimizer: Optimizer
  readonly schedule: Schedule
  readonly seed: number
  /** Stop after this many epochs without a better validation loss; default never. */
  readonly patience?: number | undefined
  /** File that keeps the state after each epoch; a run that was killed resumes from it. Its owner removes it. */
  readonly checkpoint?: string | undefined
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: TrainingProgress) => void) | undefined
  /** Called after each epoch with the parameters of that epoch. */
  readonly onEpoch?:
    | ((record: EpochRecord, parameters: Float32Array) => void | Promise<void>)
    | undefined
}
