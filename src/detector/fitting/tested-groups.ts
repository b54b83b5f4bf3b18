import { DriftError } from '../../errors.ts'
import type { GivenVectors } from '../../images/index.ts'
import type { FeatureGroup } from '../../representations/index.ts'
import type { ClassifierInput } from './fit-feature-stack.ts'

/** What a fit has to make features of, beside the pixels. */
export type GroupSources = {
  readonly classifier?: ClassifierInput | undefined
  readonly given: GivenVectors
}

/** The groups of features a fit will have. */
export function groupsFor({ classifier, given }: GroupSources): FeatureGroup[] {
  const hasOutputs = [classifier, given.probabilities, given.logits].some(Boolean)
  return [
    'property',
    'reconstruction',
    'code',
    'component',
    'outlier',
    ...(hasOutputs || given.embeddings ? ['classifier' as const] : []),
    ...(hasOutputs ? ['prediction' as const] : []),
  ]
}

/** Throws DriftError('config.invalid') when a group is asked for that the fit will not have. */
export function requireGroups(
  wanted: readonly FeatureGroup[] | undefined,
  there: readonly FeatureGroup[],
): void {
  const missing = wanted?.find((group) => !there.includes(group))
  if (missing === undefined) return
  throw new DriftError(
    'config.invalid',
    `expected groups of features among ${there.join(', ')}, got ${missing}`,
    { hint: `For ${missing} the fit needs a classifier, or its outputs given beside the images.` },
  )
}
