import type { FeatureEvidence, Judgement } from '../verdict/index.ts'

/** What findings are told of. */
export type Judged = Pick<
  Judgement,
  | 'severity'
  | 'score'
  | 'loss'
  | 'threshold'
  | 'shift'
  | 'changedShare'
  | 'features'
  | 'places'
  | 'repeats'
>

/** What the one sentence needs besides. */
export type JudgedBatch = Judged & Pick<Judgement, 'tested' | 'skippedCounts' | 'foreign'>

/** Whether a feature's own test still stands after adjusting for all the others (level 0.05). */
export function isSignificant({
  adjustedPValue,
}: Pick<FeatureEvidence, 'adjustedPValue'>): boolean {
  return adjustedPValue <= 0.05
}
