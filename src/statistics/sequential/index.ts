export {
  calibrateThreshold,
  type CalibrationOptions,
  guaranteedThreshold,
} from './calibrate-threshold.ts'
export {
  createDirectionTest,
  type DirectionState,
  type DirectionTest,
  type DirectionTestOptions,
} from './direction-test.ts'
export { findStart, type FoundStart } from './find-start.ts'
export { binRows, fitRankBins, type RankBins } from './rank-bins.ts'
export {
  createDependenceTest,
  type DependenceState,
  type DependenceTestOptions,
} from './rank-dependence.ts'
export { createRecoveryTest, type RecoveryState } from './recovery.ts'
export type { SequentialTest } from './sequential-test.ts'
export {
  type ChangeState,
  type ChangeTest,
  type ChangeTestOptions,
  createChangeTest,
} from './shiryaev-roberts.ts'
export {
  createSlowChangeTest,
  type SlowChangeOptions,
  type SlowChangeState,
  type SlowChangeTest,
} from './slow-change.ts'
export { type ArrayState, stateFromBytes, stateToBytes } from './state-bytes.ts'
