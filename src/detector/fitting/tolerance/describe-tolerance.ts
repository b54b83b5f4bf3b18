import type { FeatureColumn } from '../../../representations/index.ts'
import { modelOutputNamesOf } from '../../../images/index.ts'
import type { Extractor } from '../../../measuring/index.ts'
import type { FitNote } from '../../../verdict/index.ts'
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
  { neededOutputs, columns }: Pick<Extractor, 'neededOutputs' | 'columns'>,
): FitNote[] {
  if (tolerance === undefined) return []
  const names = tolerance.untested.map((column) => columns[column].name)
  const outputs = modelOutputNamesOf(neededOutputs)
  return [
    ...(names.length === 0
      ? []
      : [{ code: 'untested-features' as const, names, of: columns.length }]),
    ...(outputs.length === 0 ? [] : [{ code: 'unchanged-vectors' as const, names: outputs }]),
  ]
}
