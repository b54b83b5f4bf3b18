import type { OmnibusResult } from '../statistics/index.ts'
import { distanceOf } from './class-shares.ts'
import { FEWEST_IN_BATCH, type Policy } from './options.ts'
import type { FeatureEvidence, LossComparison, Severity, Threshold } from './verdict.ts'

/** A change of fewer than this share of images is a warning at most, however sure. */
const SMALLEST_DRIFT = 0.05

/** The part of a verdict that the policy decides. */
export type Decision = {
  readonly severity: Severity
  readonly score: number
  readonly pValue: number | null
  readonly threshold: Threshold
}

/** What the policy looks at. */
export type DecisionInputs = {
  readonly policy: Policy
  readonly loss: LossComparison
  readonly test: OmnibusResult
  readonly features: readonly FeatureEvidence[]
  readonly referenceCount: number
  /** Share of the batch's images that could not be read. */
  readonly unreadableShare: number
}

/** From this share of unreadable images on, a batch is not simply fine. */
const MANY_UNREADABLE = 0.05

/** Applies the policy to the evidence. */
export function decide(inputs: DecisionInputs): Decision {
  const decision =
    inputs.policy.kind === 'relative'
      ? decideByIncrease(inputs.policy.increase, inputs.loss)
      : decideByRate(inputs.policy.rate, inputs)
  const suspicious = decision.severity === 'ok' && inputs.unreadableShare > MANY_UNREADABLE
  return suspicious ? { ...decision, severity: 'warning' } : decision
}

/** The published rule: one-sided, no stated false-alarm rate. */
function decideByIncrease(increase: number, loss: LossComparison): Decision {
  const score = loss.relativeIncrease.value / increase
  return {
    severity: score >= 1 ? 'drift' : 'ok',
    score: Math.max(0, score),
    pValue: null,
    threshold: relativeThreshold(increase),
  }
}

function decideByRate(rate: number, { test, features, referenceCount }: DecisionInputs): Decision {
  const alarmed = test.pValue <= rate
  const share = Math.max(0, ...features.map(distanceOf))
  return {
    severity: !alarmed ? 'ok' : share < SMALLEST_DRIFT ? 'warning' : 'drift',
    score: Math.log(test.pValue) / Math.log(rate),
    pValue: test.pValue,
    threshold: rateThreshold(rate, test, referenceCount),
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
        derivation: `not applied: fewer than ${FEWEST_IN_BATCH} readable images`,
        mode: 'exact',
        draws: 0,
      }
}
