import { columnEffects } from '../statistics/index.ts'
import type { FeatureGroup } from '../representations/index.ts'
import type { FeatureTest } from './window-test.ts'
import type { DetectorParts } from './storage.ts'
import type { FeatureEvidence, GroupEvidence } from './verdict.ts'

/** Groups and features, named and sized. */
export type Evidence = {
  readonly groups: readonly GroupEvidence[]
  readonly features: readonly FeatureEvidence[]
}

/** Names and sizes what the window test saw, strongest first. */
export function gatherEvidence(
  { stack }: DetectorParts,
  window: Float32Array,
  test: FeatureTest,
): Evidence {
  const effects = columnEffects(test.comparison.prepared, window)
  const margin = samplingError(window.length / stack.columns.length, test.comparison.prepared.rows)
  const features = test.columns.map(({ column }) => {
    const { name, group, title } = stack.columns[column]
    const { windowMean, ...effect } = effects[column]
    return {
      name,
      group,
      title,
      ...effect,
      batchMean: windowMean,
      changedShare: Math.max(0, effect.kolmogorovSmirnov - margin),
    }
  })
  return {
    groups: test.groups.map(({ name, adjustedPValue, strongestColumn }) => ({
      group: name as FeatureGroup,
      pValue: adjustedPValue,
      strongest: stack.columns[strongestColumn].name,
    })),
    features: features.toSorted(byEvidence),
  }
}

/** 95% quantile of the gap between samples of one distribution (Smirnov 1939). */
function samplingError(n: number, m: number): number {
  return 1.358 * Math.sqrt(1 / n + 1 / m)
}

function byEvidence(a: FeatureEvidence, b: FeatureEvidence): number {
  return a.adjustedPValue - b.adjustedPValue || b.kolmogorovSmirnov - a.kolmogorovSmirnov
}
