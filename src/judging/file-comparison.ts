import { fileTraitOf, type FileTrait } from '../file-properties.ts'
import { type FeatureColumn, isFileGroup, type Measurements } from '../measuring/values/index.ts'
import type { Baseline } from './baseline.ts'
import type { Note } from '../verdict/index.ts'

/** Row-major values of these columns. */
type Rows = { readonly columns: readonly FeatureColumn[]; readonly values: Float32Array }

/** What of the files can't be compared. */
export type FileComparison = {
  /** Names of the columns that one side has of no image and the other of every one. */
  readonly leftOut: readonly string[]
  /** The side that came as arrays, where only one did. */
  readonly arrays: 'reference' | 'batch' | null
}

/**
 * Finds what only reference or batch has: an array has no format, a PNG no JPEG quality. Where both have it of some
 * images its absence is a value like any other; where one side has it of none and the other of all, there is nothing to
 * compare. Of images drawn alike that never happens, so that the level of the test stays.
 */
export function compareFiles(
  columns: readonly FeatureColumn[],
  reference: Float32Array,
  batch: Float32Array,
): FileComparison {
  const leftOut = columns.flatMap(({ name, group }, at) => {
    if (!isFileGroup(group)) return []
    const [known, own] = [reference, batch].map((values) => presence({ columns, values }, at))
    const isOneSided = (known === 'all' && own === 'none') || (known === 'none' && own === 'all')
    return isOneSided ? [{ name, missing: known === 'none' ? 'reference' : 'batch' } as const] : []
  })
  const format = leftOut.find(({ name }) => fileTraitOf(name) === 'format')
  return { leftOut: leftOut.map(({ name }) => name), arrays: format?.missing ?? null }
}

function presence({ columns, values }: Rows, at: number): 'all' | 'some' | 'none' {
  const rows = values.length / columns.length
  let there = 0
  for (let i = at; i < values.length; i += columns.length) if (values[i] !== 0) there++
  return there === rows ? 'all' : there === 0 ? 'none' : 'some'
}

/** Names of the columns about what may change. */
export function columnsOfTraits(
  columns: readonly FeatureColumn[],
  traits: readonly FileTrait[] = [],
): string[] {
  return columns
    .map(({ name }) => name)
    .filter((name) => {
      const trait = fileTraitOf(name)
      return trait !== undefined && traits.includes(trait)
    })
}

/** Which side came as arrays, where only one did; of a reference of arrays there are no columns to tell by. */
export function arraysOf(
  { settings: { columns, readFrom } }: Pick<Baseline, 'settings'>,
  { sources }: Pick<Measurements, 'sources'>,
  { arrays }: FileComparison,
): FileComparison['arrays'] {
  if (columns.some(({ group }) => isFileGroup(group))) return arrays
  return readFrom === 'arrays' && sources.some(({ files }) => files) ? 'reference' : null
}

/** That the files were not compared, since one side came as arrays. */
export function notesOnFiles(arrays: FileComparison['arrays']): Note[] {
  return arrays === null ? [] : [{ code: 'files-not-compared', arrays }]
}
