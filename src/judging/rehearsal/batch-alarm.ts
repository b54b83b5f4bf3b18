import { columnIndex, type Measurements } from '../../measuring/values/index.ts'
import { prepareFastOmnibus, screenWindow } from '../../statistics/index.ts'
import { createRandom } from '../../tensor/index.ts'
import type { Baseline } from '../baseline.ts'
import type { Policy } from '../policy.ts'
import { comparesPlaces, drawsFor, testedGroups, testFeatures } from '../window-test.ts'
import type { RehearsalSettings } from './rehearsal-settings.ts'

/** Rows × columns of images, and what is at each place of them, where that is known. */
export type ImageRows = Pick<Measurements, 'values' | 'places'>

/** Whether a batch of the size it was made for is told as drift or as a warning. */
export type BatchAlarm = (batch: ImageRows) => boolean

/**
 * The policy applied to many batches of one size: by the null drawn ahead for that size, a few milliseconds each, where
 * the reference is at least twice as large, else exactly. Where places are compared, batches have them.
 */
export function createBatchAlarm(
  baseline: Baseline,
  policy: Policy,
  { batchSize, seed }: Pick<RehearsalSettings, 'batchSize' | 'seed'>,
): BatchAlarm {
  const { settings, comparison, table, maps } = baseline
  const hasPlaces = comparesPlaces(baseline)
  if (policy.kind === 'relative') {
    const loss = columnIndex(table.columns, 'loss')
    const limit = baseline.loss.mean * (1 + policy.increase)
    return ({ values }) => meanOf(values, loss, table.columns.length) >= limit
  }
  const level = policy.rate
  if (batchSize > comparison.prepared.rows / 2) {
    const tested = { manifest: settings, baseline }
    return ({ values, places }) =>
      testFeatures(tested, values, { mode: 'exact', level, seed, places }).pValue <= level
  }
  const groups = testedGroups({ ...settings, maps: hasPlaces ? maps : undefined })
  const fast = prepareFastOmnibus(comparison.prepared, groups, {
    sizes: [batchSize],
    draws: 2 * drawsFor(level),
    random: createRandom(seed),
  })
  return ({ values, places }) =>
    screenWindow(fast, values, hasPlaces ? places : undefined).pValue <= level
}

function meanOf(values: Float32Array, column: number, width: number): number {
  let sum = 0
  for (let i = column; i < values.length; i += width) sum += values[i]
  return (sum * width) / values.length
}
