import { extrapolateLogP, type OmnibusResult } from '../statistics/index.ts'
import type { Policy } from './policy.ts'
import type { LossComparison, Severity, Threshold } from './verdict.ts'

/** The part of a verdict that the policy decides. */
export type Decision = {
  readonly severity: Severity
  readonly score: number
  /** How the score came about, in words. */
  readonly scoreDerivation: string
  readonly pValue: number | null
  readonly threshold: Threshold
}

/** What the policy looks at. */
export type DecisionInputs = {
  readonly policy: Policy
  readonly loss: LossComparison
  readonly test: OmnibusResult
  /** Columns that are tested by their ranks alone. */
  readonly ranked: ReadonlySet<number>
  /** Estimated share of images that changed; asked for only where the decision passed its threshold. */
  readonly changedShare: () => number
  readonly referenceCount: number
  /** Share of the batch's images that could not be read. */
  readonly unreadableShare: number
}

/** Applies the policy to the evidence. */
export function decide(inputs: DecisionInputs): Decision {
  const decision =
    inputs.policy.kind === 'relative'
      ? decideByIncrease(inputs.policy.increase, inputs.loss)
      : decideByRate(inputs.policy.rate, inputs)
  const suspicious =
    decision.severity === 'ok' && inputs.unreadableShare > inputs.policy.manyUnreadable
  return suspicious ? { ...decision, severity: 'warning' } : decision
}

/** The published rule: one-sided, no stated false-alarm rate. */
function decideByIncrease(increase: number, loss: LossComparison): Decision {
  const score = loss.relativeIncrease.value / increase
  return {
    severity: score >= 1 ? 'drift' : 'ok',
    score: Math.max(0, score),
    scoreDerivation: 'rise of the mean loss over the largest one tolerated',
    pValue: null,
    threshold: relativeThreshold(increase),
  }
}

function decideByRate(rate: number, inputs: DecisionInputs): Decision {
  const { policy, test, ranked, changedShare, referenceCount } = inputs
  const alarmed = test.pValue <= rate
  return {
    severity: !alarmed ? 'ok' : changedShare() < policy.smallestDrift ? 'warning' : 'drift',
    ...scoreByRate(rate, test, ranked),
    pValue: test.pValue,
    threshold: rateThreshold(rate, test, referenceCount),
  }
}

/** ln p / ln rate: 1 at the threshold, 2 at the threshold squared, and on where no draw reached the batch. */
function scoreByRate(
  rate: number,
  test: OmnibusResult,
  ranked: ReadonlySet<number>,
): Pick<Decision, 'score' | 'scoreDerivation'> {
  const { value, isExtrapolated } = extrapolateLogP(test, ranked)
  return {
    score: value / Math.log(rate),
    scoreDerivation: isExtrapolated
      ? `ln p / ln ${rate}; none of ${test.draws} draws reached this batch, so p is extrapolated by the normal tail of its largest rank score to 10^${(value / Math.LN10).toFixed(0)}`
      : `ln p / ln ${rate}`,
  }
}

function relativeThreshold(increase: number): Threshold {
  return {
    policy: 'relative',
    value: increase,
    derivation: `chosen by the user: alarm when the mean loss exceeds the baseline by ${Number((100 * increase).toPrecision(6))}%`,
  }
}

function rateThreshold(
  rate: number,
  { mode, draws }: OmnibusResult,
  referenceCount: number,
): Threshold {
  const how =
    mode === 'exact'
      ? `${draws} random exchanges of batch and held-out reference images`
      : `${draws} batches of this size drawn from the held-out reference, far enough from an alarm to need no exact test`
  return {
    policy: 'false-alarm-rate',
    value: rate,
    derivation: `p-value of this batch among ${how} (${referenceCount} images); alarm at p ≤ ${rate}`,
    mode,
    draws,
  }
}

/** The threshold a batch too small to test would have been held against. */
export function untestedThreshold(policy: Policy): Threshold {
  return policy.kind === 'relative'
    ? relativeThreshold(policy.increase)
    : {
        policy: 'false-alarm-rate',
        value: policy.rate,
        derivation: `not applied: fewer than ${policy.fewestImages} readable images`,
        mode: 'exact',
        draws: 0,
      }
}
