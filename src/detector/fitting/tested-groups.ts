import { DriftError } from '../../errors.ts'
import type { SideInputs } from '../../images/index.ts'
import { hasFiles } from '../../file-properties.ts'
import {
  FEATURE_GROUPS,
  type FeatureGroup,
  GROUP_NAMES,
  isFileGroup,
} from '../../measuring/values/index.ts'
import type { ClassifierInput } from '../../representations/index.ts'

/** What a fit has to make features of, beside the pixels. */
export type GroupSources = {
  readonly classifier?: ClassifierInput | undefined
  readonly sideInputs: SideInputs
}

/** The groups of features a fit will have. */
export function groupsFor({ classifier, sideInputs }: GroupSources): FeatureGroup[] {
  const there = {
    outputs: [classifier, sideInputs.probabilities, sideInputs.logits].some(Boolean),
    embeddings: sideInputs.embeddings !== undefined,
  }
  const cameAsFiles = sideInputs.files !== undefined && hasFiles(sideInputs.files.data)
  return GROUP_NAMES.filter((group) => {
    const { madeOf, isOfFiles } = FEATURE_GROUPS[group]
    return isOfFiles === true ? cameAsFiles : (madeOf?.some((part) => there[part]) ?? true)
  })
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
    {
      hint: isFileGroup(missing)
        ? `For ${missing} the images have to come as files.`
        : `For ${missing} the fit needs a classifier, or its outputs given beside the images.`,
    },
  )
}
