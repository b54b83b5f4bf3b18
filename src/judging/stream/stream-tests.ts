import {
  calibrateThreshold,
  type ChangeTest,
  createChangeTest,
  createDependenceTest,
  createRecoveryTest,
  createSlowChangeTest,
  guaranteedThreshold,
} from '../../statistics/index.ts'
import type { StreamSettings } from './stream-options.ts'
import type { StreamReference } from './stream-reference.ts'

/** The tests that watch a stream together. */
export type StreamTests = {
  readonly change: ChangeTest
  readonly dependence: ReturnType<typeof createDependenceTest>
  /** Of windows of several lengths. */
  readonly slow: readonly ReturnType<typeof createSlowChangeTest>[]
  readonly recovery: ReturnType<typeof createRecoveryTest>
}

/** Share of the false alarms that are left to slow changes. */
const SLOW_SHARE = 0.2
/** Windows of slow changes, in bets; none longer than the reference. */
const SLOW_LENGTHS = [500, 4000]

/** A change that goes on is taken for over once in so many images at most. */
const SURELY_OVER = 1000

/** Largest level of one window of a slow change. */
const LARGEST_LEVEL = 0.05

/** Shares the false alarms out among the tests. */
export function createStreamTests(
  { bins, values: reference, weights }: StreamReference,
  { falseAlarmEvery, threshold, seed }: StreamSettings,
): StreamTests {
  const rows = reference.length / bins.columnCount
  const lengths = SLOW_LENGTHS.filter((length) => length <= rows)
  const suddenShare = lengths.length === 0 ? 1 : 1 - SLOW_SHARE
  const sudden = falseAlarmEvery / suddenShare
  const common = { bins, reference, weights, seed }
  return {
    change: createChangeTest({
      ...common,
      threshold:
        threshold === 'guaranteed'
          ? guaranteedThreshold(sudden)
          : calibrateThreshold({ ...common, falseAlarmEvery: sudden }),
    }),
    dependence: createDependenceTest({
      weights,
      threshold: guaranteedThreshold(falseAlarmEvery),
    }),
    slow: lengths.map((length) =>
      createSlowChangeTest({
        ...common,
        length,
        level: Math.min(LARGEST_LEVEL, ((SLOW_SHARE / lengths.length) * length) / falseAlarmEvery),
      }),
    ),
    recovery: createRecoveryTest(SURELY_OVER),
  }
}
