import { calibrateThreshold } from '../../src/statistics/index.ts'
import { referenceOfRows, watch } from '../stream/watched.ts'
import { PROBE_COLUMNS, probeRows } from './probe-tests.ts'

const REFERENCE = 400
/** Unchanged rows, and changed ones after them. */
const [BEFORE, AFTER] = [150, 50]
const SHIFTS = [0.3, 1]

/** Evidence of streams of generated rows after every tenth, and the threshold simulated for them: the same on every machine. */
export function probeStreams(): number[] {
  const reference = referenceOfRows(probeRows(REFERENCE, 0, 1), PROBE_COLUMNS)
  const { rows, weights } = reference
  const calibration = { reference: rows, weights, falseAlarmEvery: 50, rows: 2000, seed: 1 }
  const evidence = SHIFTS.flatMap((shift, seed) => evidenceOf(reference, { shift, seed }))
  return [calibrateThreshold(calibration), ...evidence].map((value) => Number(value.toPrecision(6)))
}

function evidenceOf(
  reference: ReturnType<typeof referenceOfRows>,
  { shift, seed }: { readonly shift: number; readonly seed: number },
): number[] {
  const { test, state, take } = watch(reference, 1, seed)
  const stretches = [probeRows(BEFORE, 0, 10 + seed), probeRows(AFTER, shift, 20 + seed)]
  const evidence: number[] = []
  for (const values of stretches) {
    for (let at = 0; at < values.length; at += PROBE_COLUMNS) {
      take(values.subarray(at, at + PROBE_COLUMNS))
      if ((at / PROBE_COLUMNS) % 10 === 9) evidence.push(test.strongest(state))
    }
  }
  return evidence
}
