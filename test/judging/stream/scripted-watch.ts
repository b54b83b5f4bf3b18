import type { Watch } from '../../../src/judging/stream/explain-change.ts'
import {
  createStreamReference,
  type StreamReference,
  watchedColumns,
} from '../../../src/judging/stream/stream-reference.ts'
import { startState } from '../../../src/judging/stream/stream-state.ts'
import type { StreamTests } from '../../../src/judging/stream/stream-tests.ts'
import { type Baseline, completePolicy } from '../../../src/judging/index.ts'
import {
  type ChangeState,
  type RecoveryState,
  type SlowChangeState,
} from '../../../src/statistics/index.ts'
import { baselineOfNumbers } from './stream-of-numbers.ts'

/** What the tests of a stream are to say; may change from image to image. */
export type Script = {
  change: boolean
  dependence: boolean
  slow: [boolean, boolean]
  recovery: boolean
  /** Of each watched column; the slow tests’ are twice and three times as large, that of dependence four times. */
  strengths: readonly number[]
  /** By column. */
  changePoints: readonly number[]
}

/** Windows of the two slow tests. */
export const SLOW_LENGTHS = [3, 6] as const

/** A call of a test, and what it was given. */
export type Call = readonly [name: string, ...given: readonly number[]]

type ScriptOptions = { readonly strengths?: readonly number[]; readonly hasBlocks?: boolean }

/** So many bins make a watched value of 1. */
export const SCALE = 64

/** What the tests are given of watched values. */
export const binned = (values: readonly number[]): number[] =>
  values.map((value) => Math.max(0, Math.floor(SCALE * value)))

/**
 * A stream whose tests say what the script says and write down what they are asked to do. A watched value from 0 to 1
 * is its own p-value, in bins of a 64th. Watched are brightness, loss, excess loss and unusualness, which stand in another
 * order among all columns.
 */
export function scriptedWatch(
  change: Partial<Watch> = {},
  { strengths = [0.1, 3, 2, 1], hasBlocks = false }: ScriptOptions = {},
) {
  const script: Script = {
    change: false,
    dependence: false,
    slow: [false, false],
    recovery: false,
    strengths,
    changePoints: strengths.map(() => 0),
  }
  const calls: Call[] = []
  const baseline: Baseline = change.baseline ?? baselineOfNumbers(1, { rows: 60 })
  const reference = change.reference ?? createStreamReference(baseline)
  const tests = scriptedTests(script, calls, reference)
  const { width, columns } = reference
  const watch: Watch = {
    baseline,
    policy: completePolicy({ kind: 'false-alarm-rate', rate: 0.01 }),
    settings: { falseAlarmEvery: 10_000, threshold: 'guaranteed', seed: 5 },
    reference,
    tests,
    state: startState(tests, { columns: columns.length, width, hasBlocks }),
    ...change,
  }
  calls.length = 0
  return { watch, script, calls }
}

function scriptedTests(script: Script, calls: Call[], reference: StreamReference): StreamTests {
  const write = (name: string, values: ArrayLike<number>) =>
    void calls.push([name, ...Array.from(values)])
  const takeIn = (name: string) => (state: ChangeState, values: ArrayLike<number>) => {
    write(name, values)
    state.pValues.set(Array.from(values))
  }
  const strengths = (times: number) => () => Float64Array.from(script.strengths, (s) => times * s)
  return {
    binsOf: (values) => Uint16Array.from(binned([...watchedColumns(reference, values)])),
    change: {
      init: () => ({ pValues: new Float64Array(script.strengths.length) }) as ChangeState,
      update: takeIn('update'),
      look: takeIn('look'),
      alarmed: () => script.change,
      strengths: strengths(1),
      strongest: () => (script.change ? 1 : 0.5),
      changePoint: (_, column) => script.changePoints[column],
      shareAbove: (_, { bin }) => Math.min(1, bin / SCALE),
      forget: (_, values) => write('forget', values),
      reset: () => write('reset', []),
    },
    dependence: {
      init: () => ({}) as never,
      update: (_, values) => write('dependence', values),
      alarmed: () => script.dependence,
      strengths: strengths(4),
    },
    slow: {
      init: () => ({}) as SlowChangeState,
      update: (_, values) => write('slow', values),
      alarmed: () => script.slow.some(Boolean),
      alarming: () => script.slow.indexOf(true),
      windows: SLOW_LENGTHS.map((length) => ({ length, level: 0.01 })),
      restart: () => write('restart', []),
      strengths: (_, window) => strengths(2 + window)(),
    },
    recovery: {
      init: () => {
        write('recovery', [])
        return {} as RecoveryState
      },
      learn: (_, p) => write('learn', [p]),
      update: (_, values) => write('recovering', values),
      alarmed: () => script.recovery,
    },
    places: [],
  }
}
