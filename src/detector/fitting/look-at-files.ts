import { FILE_TRAITS, hasFiles } from '../../file-properties.ts'
import { type FeatureGroup, isFileGroup } from '../../measuring/values/index.ts'
import type { FitSettings } from '../settings/options.ts'
import type { FitParts } from './read-parts.ts'

/** Whether any image of a fit came as a file; arrays have no format. */
export function cameAsFiles({ learning, reference }: FitParts): boolean {
  return [learning.training, learning.validation, reference].some(
    ({ sideInputs: { files } }) => files !== undefined && hasFiles(files.data),
  )
}

/** Whether a fit is to look at the files themselves: not where all of them may change. */
export function looksAtFiles(
  parts: FitParts,
  { tolerateFiles, features }: Pick<FitSettings, 'tolerateFiles' | 'features'>,
): boolean {
  const isWanted = features === undefined || features.some(isFileGroup)
  const mayAllChange = FILE_TRAITS.every((trait) => tolerateFiles.includes(trait))
  return isWanted && !mayAllChange && cameAsFiles(parts)
}

/** Of these groups those that the columns are of, where they are about files. */
export function withoutAbsentFiles(
  groups: readonly FeatureGroup[],
  columns: readonly { readonly group: FeatureGroup }[],
): FeatureGroup[] {
  return groups.filter(
    (group) => !isFileGroup(group) || columns.some((column) => column.group === group),
  )
}
