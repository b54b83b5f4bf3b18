import type { DecisionScale, EffectRow, GroupRow } from '../charts/index.ts'
import type {
  CategoryEvidence,
  FeatureEvidence,
  GroupEvidence,
  Judgement,
} from '../verdict/index.ts'
import { describeShares, groupTitle, isSignificant } from '../wording/index.ts'

/** Classes named in a category's row. */
const CLASSES_SHOWN = 3

/** What the decision's scale shows; null where nothing was decided. */
export function decisionScale({
  severity: tone,
  threshold,
  pValue,
  loss,
}: Judgement): DecisionScale | null {
  const limit = threshold.value
  if (threshold.policy === 'relative') {
    return loss === null ? null : { tone, limit, by: 'increase', change: loss.relativeIncrease }
  }
  return pValue === null ? null : { tone, limit, by: 'p-value', pValue }
}

/** A feature as the chart of effects shows it. */
export function effectRow(feature: FeatureEvidence): EffectRow {
  const { title, changedShare, adjustedPValue } = feature
  const row = { title, changedShare, adjustedPValue, isSure: isSignificant(feature) }
  return feature.kind === 'category'
    ? { ...row, kind: 'shares', words: wordsOf(feature) }
    : {
        ...row,
        kind: 'quantity',
        from: feature.referenceMean,
        to: feature.batchMean,
        effect: feature.hedgesG,
      }
}

function wordsOf(feature: CategoryEvidence): string[] {
  return Array.from({ length: CLASSES_SHOWN }, (_, i) => describeShares(feature, CLASSES_SHOWN - i))
}

/** A family of features as the chart of families shows it. */
export function groupRow({ group, pValue, strongest }: GroupEvidence): GroupRow {
  return { title: groupTitle(group), pValue, strongest }
}
