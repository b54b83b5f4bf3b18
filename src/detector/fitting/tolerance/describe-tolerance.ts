import type { FeatureColumn } from '../../../representations/index.ts'
import { type FeatureStack, notesOnTolerated } from '../../../measuring/index.ts'
import type { DetectorManifest } from '../../artifact/manifest.ts'
import type { Tolerance } from '../../settings/settings.ts'
import type { FittedTolerance } from './fit-tolerance.ts'

/** What a manifest says of the changes taken for normal. */
export function describeTolerance(
  { pool, allowances, unfitted, untested }: FittedTolerance,
  limits: Tolerance,
  columns: readonly FeatureColumn[],
): DetectorManifest['tolerance'] {
  const namesOf = (some: readonly number[]) => some.map((column) => columns[column].name)
  return {
    limits,
    copies: pool.rows,
    dimensions: pool.positions.length / pool.rows,
    probes: allowances.length,
    unfitted: namesOf(unfitted),
    untested: namesOf(untested),
  }
}

/** What else a user should know who tolerates changes; nothing where none are. */
export function notesOnTolerance(
  tolerance: FittedTolerance | undefined,
  { given, columns }: Pick<FeatureStack, 'given' | 'columns'>,
): string[] {
  if (tolerance === undefined) return []
  const names = tolerance.untested.map((column) => columns[column].name)
  const left =
    names.length === 0
      ? []
      : [
          `${names.length} of ${columns.length} features are no evidence, since tolerated changes move them in ways of their own: ${names.join(', ')}`,
        ]
  return [...left, ...notesOnTolerated(given)]
}
