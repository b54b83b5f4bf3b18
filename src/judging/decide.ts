import { extrapolateLogP, type OmnibusResult } from '../statistics/index.ts'
import type { Policy } from './policy.ts'
import type { Judgement, LossComparison, Threshold } from '../verdict/index.ts'

/** The part of a judgement that the policy decides. */
export type Decision = Pick<Judgement, 'severity' | 'score' | 'scoreBasis' | 'pValue' | 'threshold'>

/** What the policy looks at. */
export type DecisionInputs = {
  readonly policy: Policy
  readonly loss: LossComparison
  readonly test: OmnibusResult
  /** Columns that are tested by their ranks alone. */
  readonly ranked: ReadonlySet<number>
  /** Estimated share of images that changed; asked for only where the decision passed its threshold. */
  readonly changedShare: () => number
  /** Whether the alarm says that something is at a fixed place: of that no share of images can be told. */
  readonly isPlaced?: boolean | undefined
  /** So much could not be read, or repeats, that the batch is not simply fine. */
  readonly isSuspect: boolean
}

/** Applies the policy to the evidence. */
export function decide(inputs: DecisionInputs): Decision {
  const decision =
    inputs.policy.kind === 'relative'
      ? decideByIncrease(inputs.policy.increase, inputs.loss)
      : decideByRate(inputs.policy.rate, inputs)
  return decision.severity === 'ok' && inputs.isSuspect
    ? { ...decision, severity: 'warning' }
    : decision
}

/** The published rule: one-sided, no stated false-alarm rate. */
function decideByIncrease(increase: number, loss: LossComparison): Decision {
  const score = loss.relativeIncrease.value / increase
  return {
    severity: score >= 1 ? 'drift' : 'ok',
    score: Math.max(0, score),
    scoreBasis: 'loss-increase',
    pValue: null,
    threshold: { policy: 'relative', value: increase },
  }
}

function decideByRate(rate: number, inputs: DecisionInputs): Decision {
  const { policy, test, ranked, changedShare, isPlaced = false } = inputs
  const alarmed = test.pValue <= rate
  return {
    severity: !alarmed
      ? 'ok'
      : !isPlaced && changedShare() < policy.smallestDrift
        ? 'warning'
        : 'drift',
    ...scoreByRate(rate, test, ranked),
    pValue: test.pValue,
    threshold: { policy: 'false-alarm-rate', value: rate, mode: test.mode, draws: test.draws },
  }
}

/** ln p / ln rate: 1 at the threshold, 2 at the threshold squared, and on where no draw reached the batch. */
function scoreByRate(
  rate: number,
  test: OmnibusResult,
  ranked: ReadonlySet<number>,
): Pick<Decision, 'score' | 'scoreBasis'> {
  const { value, isExtrapolated } = extrapolateLogP(test, ranked)
  return {
    score: value / Math.log(rate),
    scoreBasis: isExtrapolated ? 'extrapolated-p-value' : 'p-value',
  }
}

/** The threshold a batch too small to test would have been held against. */
export function untestedThreshold(policy: Policy): Threshold {
  return policy.kind === 'relative'
    ? { policy: 'relative', value: policy.increase }
    : { policy: 'false-alarm-rate', value: policy.rate, mode: 'exact', draws: 0 }
}
