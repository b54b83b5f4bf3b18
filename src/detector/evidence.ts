import { columnEffects } from '../statistics/index.ts'
import type { FeatureGroup } from '../representations/index.ts'
import type { FeatureTest } from './window-test.ts'
import type { DetectorParts } from './storage.ts'
import type { FeatureEvidence, GroupEvidence } from './verdict.ts'

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
  const features = test.columns.map(({ column }) => {
    const { name, group, title } = stack.columns[column]!
    const { windowMean, ...effect } = effects[column]!
    return { name, group, title, ...effect, batchMean: windowMean }
  })
  return {
    groups: test.groups.map(({ name, adjustedPValue, strongestColumn }) => ({
      group: name as FeatureGroup,
      pValue: adjustedPValue,
      strongest: stack.columns[strongestColumn]!.name,
    })),
    features: features.toSorted(byEvidence),
  }
}

function byEvidence(a: FeatureEvidence, b: FeatureEvidence): number {
  return a.adjustedPValue - b.adjustedPValue || b.kolmogorovSmirnov - a.kolmogorovSmirnov
}
