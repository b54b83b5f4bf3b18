import type { StreamReference } from '../../src/judging/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { rowCount, type View } from '../window/view.ts'
import { watch } from './watched.ts'
import type { Watcher } from './watcher.ts'

/** The product's stream, on rows of the columns it watches in their order. */
export function streamWatcher(reference: StreamReference, threshold: number): Watcher {
  return {
    strengths: async (rows, { alarmAt, from, seed }) => {
      const { test, state, take } = watch(reference, threshold, seed)
      const strengths: number[] = []
      for (let i = 0; i < rowCount(rows); i++) {
        take(rowOf(rows, i))
        const strength = test.strongest(state)
        strengths.push(strength)
        if (strength < alarmAt) continue
        if (i >= from) break
        test.reset(state)
      }
      return strengths
    },
    close: async () => {},
  }
}

export type WindowsOptions = {
  /** Images of a window. */
  readonly size: number
  /** Windows of `size` alarm at p-values of `size` to so many. */
  readonly falseAlarmEvery: number
}

/** A test that gives p-values, on one full window after the other; the first begins at any of `size` images. */
export function windowsWatcher(
  test: (window: View, seed: number) => number,
  { size, falseAlarmEvery }: WindowsOptions,
): Watcher {
  return {
    strengths: async (rows, { alarmAt, from, seed }) => {
      const strengths = new Float64Array(rowCount(rows))
      const { width, values } = rows
      // Windows that end before are of no consequence.
      let end = createRandom(seed).integer(size) + size
      while (end <= from) end += size
      for (; end <= strengths.length; end += size) {
        const window = values.subarray((end - size) * width, end * width)
        const pValue = test({ width, values: window }, seed + end)
        strengths[end - 1] = size / falseAlarmEvery / pValue
        if (strengths[end - 1] >= alarmAt) break
      }
      return strengths
    },
    close: async () => {},
  }
}

const rowOf = ({ width, values }: View, row: number): Float32Array =>
  values.subarray(row * width, (row + 1) * width)
