export { type Augmentation, graphAugmentation, type GraphAugmentation } from './augmentation.ts'
export type { EpochRecord } from './checkpoint.ts'
export {
  adadelta,
  type AdadeltaOptions,
  adam,
  type AdamOptions,
  clipped,
  type MomentumOptions,
  type Optimizer,
  sgd,
  type UpdateInputs,
} from './optimizers.ts'
export {
  constantSchedule,
  oneCycleSchedule,
  type OneCycleOptions,
  type Schedule,
  stepSchedule,
} from './schedules.ts'
export { train, type TrainingResult } from './trainer.ts'
export type { TrainingData, TrainingOptions, TrainingProgress } from './training-options.ts'
export {
  openTrainingStep,
  openValidation,
  type StepSettings,
  type TrainingStep,
  type TrainingStepOptions,
} from './training-step.ts'
export type { TrainingTask } from './training-task.ts'
