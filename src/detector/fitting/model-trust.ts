import { DriftError } from '../../errors.ts'
import type { OutputsTrust } from '../../judging/index.ts'
import { type FeatureGroup, isModelGroup } from '../../measuring/values/index.ts'
import type { FitNote } from '../../verdict/index.ts'
import { WAYS_TO_TRUST } from '../../wording/index.ts'
import type { Agreement } from './memory-sign.ts'

/** What decides about it: how the fit was asked for, and which groups there are. */
export type TrustInputs = {
  readonly groups: readonly FeatureGroup[]
  readonly unseenByClassifier: boolean
  readonly hasReference: boolean
}

/** Undefined where no model has a say. */
export function trustOf({
  groups,
  unseenByClassifier,
  hasReference,
}: TrustInputs): OutputsTrust | undefined {
  if (!groups.some(isModelGroup)) return undefined
  if (unseenByClassifier) return 'stated'
  return hasReference ? 'separate-reference' : 'none'
}

/** Of these groups, those that are tested. */
export function trustedGroups(
  groups: readonly FeatureGroup[],
  trust: OutputsTrust | undefined,
): FeatureGroup[] {
  return groups.filter((group) => trust !== 'none' || !isModelGroup(group))
}

/** Throws DriftError('config.invalid') where only the model's outputs are to be tested and they don't count. */
export function requireTrusted(
  wanted: readonly FeatureGroup[] | undefined,
  trust: OutputsTrust | undefined,
): void {
  if (wanted === undefined || trustedGroups(wanted, trust).length > 0) return
  throw new DriftError(
    'config.invalid',
    `expected images that the classifier has not seen, where only ${wanted.join(' and ')} is tested; it may have been trained on these`,
    { hint: WAYS_TO_TRUST },
  )
}

/** What to say at the fit: that outputs don't count, or that they may be memory in spite of what was said. */
export function notesOnTrust(
  trust: OutputsTrust | undefined,
  sign: Agreement | undefined,
): FitNote[] {
  switch (trust) {
    case undefined:
      return []
    case 'none':
      return [{ code: 'outputs-untrusted', ...sign }]
    case 'separate-reference':
    case 'stated':
      return sign === undefined ? [] : [{ code: 'outputs-suspicious', ...sign }]
  }
}
