import { DriftError } from '../../errors.ts'
import type { OutputsTrust } from '../../judging/index.ts'
import { type FeatureGroup, isModelGroup } from '../../measuring/values/index.ts'

/** What decides about it: how the fit was asked for, and which groups there are. */
export type TrustInputs = {
  readonly groups: readonly FeatureGroup[]
  readonly unseen: boolean
  readonly hasReference: boolean
}

/** Undefined where no model has a say. */
export function trustOf({ groups, unseen, hasReference }: TrustInputs): OutputsTrust | undefined {
  if (!groups.some(isModelGroup)) return undefined
  if (unseen) return 'stated'
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
    { hint: WAYS_OUT },
  )
}

const WAYS_OUT =
  'Give images it has not seen as the reference (--reference <images>), or say that it has seen none of these (--unseen).'

/** What to say at the fit: that outputs don't count, or that they may be memory in spite of what was said. */
export function notesOnTrust(trust: OutputsTrust | undefined, sign: string | undefined): string[] {
  switch (trust) {
    case undefined:
      return []
    case 'none':
      return [
        `the classifier’s outputs do not count: it may have been trained on these images, and of those its outputs are memory${sign === undefined ? '' : ` (${sign})`}. ${WAYS_OUT}`,
      ]
    case 'separate-reference':
    case 'stated':
      return sign === undefined
        ? []
        : [
            `the classifier’s outputs count, as it is said not to have seen the reference; but ${sign}: if it was, every new batch will differ from it`,
          ]
  }
}
