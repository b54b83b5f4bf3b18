import { createRandom } from '../../tensor/index.ts'
import { createChangeTest } from './shiryaev-roberts.ts'

export type CalibrationOptions = {
  /** Rows × columns of what is normal, as bins; the rows that the bins were made of not among them. */
  readonly reference: Uint16Array
  /** How much each column counts, sum 1. */
  readonly weights: Float64Array
  /** Rows from one false alarm to the next, on average. */
  readonly falseAlarmEvery: number
  readonly seed: number
  /** Rows to simulate; the rate's relative error is about √(5,000 / rows). Default 400,000. */
  readonly rows?: number
}

/** The simulation alarms about once in so many rows, or as often as is asked for. */
const SIMULATED_EVERY = 4000
const ROWS = 400_000

/**
 * The threshold at which streams drawn from the reference itself, columns depending on each other as they do, alarm once
 * in so many rows on average. Rates fall as 1 / threshold, so rare alarms are found from more frequent ones; O(rows ·
 * columns). Unlike `guaranteedThreshold` it leaves no room for what a finite reference doesn't show.
 */
export function calibrateThreshold(options: CalibrationOptions): number {
  const { falseAlarmEvery, rows = ROWS } = options
  const simulatedEvery = Math.min(SIMULATED_EVERY, falseAlarmEvery)
  // The first, short simulation only finds the neighbourhood: rates fall a little otherwise than as 1 / threshold.
  let threshold = simulatedEvery / 3
  for (const share of [0.2, 0.8]) {
    const alarms = countAlarms(options, { threshold, rows: Math.ceil(share * rows) })
    threshold *= (Math.max(1, alarms) * simulatedEvery) / (share * rows)
  }
  return (threshold * falseAlarmEvery) / simulatedEvery
}

function countAlarms(
  { reference, weights, seed }: CalibrationOptions,
  { threshold, rows }: { readonly threshold: number; readonly rows: number },
): number {
  const columnCount = weights.length
  const test = createChangeTest({ reference, weights, threshold, seed })
  const random = createRandom(seed)
  const state = test.init()
  const count = reference.length / columnCount
  let alarms = 0
  for (let taken = 0; taken < rows; taken++) {
    const from = random.integer(count) * columnCount
    test.look(state, reference.subarray(from, from + columnCount))
    if (!test.alarmed(state)) continue
    alarms++
    test.reset(state)
  }
  return alarms
}

/** The threshold at which at most one false alarm in so many rows is expected, whatever the columns are. */
export const guaranteedThreshold = (falseAlarmEvery: number): number => 2 * falseAlarmEvery
