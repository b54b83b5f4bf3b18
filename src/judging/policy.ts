import type { FileTrait } from '../file-properties.ts'
import { canonicalJson, LARGEST_SAMPLE, shortDigest } from '../measuring/values/index.ts'

/** What decides whether to alarm. */
export type AlarmRule =
  | {
      /** By the p-value of the window test. */
      readonly kind: 'false-alarm-rate'
      /** Share of clean batches that may alarm; more than 0, less than 0.5. */
      readonly rate: number
    }
  | {
      /** By the published rule: the mean reconstruction loss against the baseline's, one-sided. */
      readonly kind: 'relative'
      /** Rise of the mean loss from which on to alarm, as a share of the baseline's (0.1 is 10%); more than 0. */
      readonly increase: number
    }

/** What else a judgement is held against. */
export type Thresholds = {
  /** Fewer images than this are not tested; a whole number from 2. Default 5. */
  readonly fewestImages: number
  /** Images that the test looks at; of a larger batch a random sample of this size; from 2 to 10,000. Default 10,000. */
  readonly largestWindow: number
  /** A change of fewer than this share of images is a warning at most, however sure; from 0 to 1. Default 0.05. */
  readonly smallestDrift: number
  /** From this share of unreadable images on, a batch is not simply fine; from 0 to 1. Default 0.05. */
  readonly manyUnreadable: number
  /** From this share of images that repeat others on, a batch is not simply fine; from 0 to 1. Default 0.05. */
  readonly manyRepeats: number
  /** Level of the draws behind the evidence where the rule itself has none; more than 0, less than 0.5. Default 0.01. */
  readonly evidenceLevel: number
}

/** What may change beside what a baseline tolerates. */
export type Exemptions = {
  /** Of the files themselves, by name; absent where nothing more may. Default: nothing. */
  readonly tolerateFiles?: readonly FileTrait[] | undefined
}

/** When to alarm: plain data, every threshold in it. */
export type Policy = AlarmRule & Thresholds & Exemptions

/** A policy as a caller gives it: the rule, and thresholds that are to be others than the usual ones. */
export type PolicyInput = AlarmRule &
  Exemptions & { readonly [name in keyof Thresholds]?: number | undefined }

/** The usual thresholds. */
export const THRESHOLDS: Thresholds = {
  fewestImages: 5,
  largestWindow: LARGEST_SAMPLE,
  smallestDrift: 0.05,
  manyUnreadable: 0.05,
  manyRepeats: 0.05,
  evidenceLevel: 0.01,
}

/** The policy with the usual thresholds where none are given. */
export function completePolicy(input: PolicyInput): Policy {
  const given = Object.entries(input).filter(([, value]) => value !== undefined)
  return { ...THRESHOLDS, ...Object.fromEntries(given) } as Policy
}

/** The level that evidence is held against. */
export function levelOf(policy: Policy): number {
  return policy.kind === 'false-alarm-rate' ? policy.rate : policy.evidenceLevel
}

/** Of two policies of one id every judgement is the same. */
export function policyId(policy: Policy): string {
  return shortDigest(canonicalJson(policy))
}
