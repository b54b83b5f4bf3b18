import type { FeatureEvidence, Judgement, Verdict } from '../judging/index.ts'

/** What findings are told of. */
export type Judged = Pick<
  Judgement,
  'severity' | 'score' | 'loss' | 'threshold' | 'shift' | 'changedShare' | 'features'
>

/** What the one sentence needs besides: of how many images it speaks, and how many were needed. */
export type JudgedBatch = Judged &
  Pick<Judgement, 'tested' | 'skipped' | 'skippedCounts'> & {
    readonly policy: Pick<Judgement['policy'], 'fewestImages'>
  }

/** What all words of a verdict are made of. */
export type Told = Judged &
  Pick<Verdict, 'pValue' | 'size' | 'summary' | 'findings' | 'notes' | 'skipped' | 'skippedCounts'>

/** Whether a feature's own test still stands after adjusting for all the others (level 0.05). */
export function isSignificant({
  adjustedPValue,
}: Pick<FeatureEvidence, 'adjustedPValue'>): boolean {
  return adjustedPValue <= 0.05
}
