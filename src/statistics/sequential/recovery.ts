import { cellOf, CELLS } from './bets.ts'
import type { SequentialTest } from './sequential-test.ts'

/** What a recovery test remembers. */
export type RecoveryState = {
  /** p-values of the changed images by their cells. */
  readonly cells: Float64Array
  /** Images learned from, and how much likelier even p-values made those since the best start than changed ones. */
  readonly numbers: Float64Array
}

/** How many changed p-values are learned from: so many before it is asked whether the change is over, and so many at most. */
export type LearnedFrom = { readonly least: number; readonly most: number }

/**
 * Whether a change is over: images that are clean have even p-values, changed ones those that the change had so far. The
 * likelihood ratio of the two since the best start (Page 1954) has to reach the threshold, so that while the change goes
 * on it is taken for over once in so many images at most. The values of a row are one p-value, of what spoke of the change.
 */
export function createRecoveryTest(
  threshold: number,
  { least, most }: LearnedFrom = { least: 0, most: 100 },
): SequentialTest<RecoveryState> & {
  /** Learns from an image that is known to be changed. */
  learn(state: RecoveryState, p: number): void
} {
  const learn = ({ cells, numbers }: RecoveryState, p: number): void => {
    if (numbers[0] >= most) return
    cells[cellOf(p)]++
    numbers[0]++
  }
  return {
    init: () => ({ cells: new Float64Array(CELLS), numbers: new Float64Array(2) }),
    learn,
    update(state, values) {
      const p = values[0]
      const { cells, numbers } = state
      if (numbers[0] < least) return learn(state, p)
      const changed = (CELLS * (cells[cellOf(p)] + 1)) / (numbers[0] + CELLS)
      numbers[1] = Math.max(1, numbers[1]) / changed
      learn(state, p)
    },
    alarmed: ({ numbers }) => numbers[1] >= threshold,
  }
}
