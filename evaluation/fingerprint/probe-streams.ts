import { calibrateThreshold, createDirectionTest } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { referenceOfRows, watch } from '../stream/watched.ts'
import { PROBE_COLUMNS, probeRows } from './probe-tests.ts'

const REFERENCE = 400
/** Unchanged rows, and changed ones after them. */
const [BEFORE, AFTER] = [150, 50]
const SHIFTS = [0.3, 1]

/** Evidence of streams of generated rows and places after every tenth, and the threshold simulated for them: the same on every machine. */
export function probeStreams(): number[] {
  const reference = referenceOfRows(probeRows(REFERENCE, 0, 1), PROBE_COLUMNS)
  const { rows, weights } = reference
  const calibration = { reference: rows, weights, falseAlarmEvery: 50, rows: 2000, seed: 1 }
  const evidence = SHIFTS.flatMap((shift, seed) => evidenceOf(reference, { shift, seed }))
  return [calibrateThreshold(calibration), ...evidence, ...evidenceOfPlaces()].map((value) =>
    Number(value.toPrecision(6)),
  )
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

/** Two maps of places. */
const PLACES = [
  { start: 0, end: 20 },
  { start: 20, end: 24 },
]
const CELLS = 24

function evidenceOfPlaces(): number[] {
  const test = createDirectionTest({
    aside: probePlaces(100, 0, 1),
    reference: probePlaces(REFERENCE, 0, 2),
    maps: PLACES,
    length: 50,
    threshold: 1,
    seed: 1,
  })
  const state = test.init()
  const rows = [probePlaces(100, 0, 3), probePlaces(100, 20, 4)]
  return rows.flatMap((places) =>
    Array.from({ length: 100 }, (_, row) => {
      test.update(state, places.subarray(row * CELLS, (row + 1) * CELLS))
      return row % 10 === 9 ? [...test.strengths(state)] : []
    }).flat(),
  )
}

/** Whole steps from −60 to 60, evenly; three places moved by so many. */
// oxlint-disable-next-line eslint/max-params -- three values
function probePlaces(rows: number, moved: number, seed: number): Int8Array {
  const random = createRandom(seed)
  return Int8Array.from(
    { length: rows * CELLS },
    (_, i) => random.integer(121) - 60 + (i % CELLS < 3 ? moved : 0),
  )
}
