import { DriftError } from '../../errors.ts'
import { type FastNull, type OmnibusGroup, prepareFastOmnibus } from '../../statistics/index.ts'
import { concatenateValues, createRandom } from '../../tensor/index.ts'
import { type BaselineNumbers, testedGroups } from '../../judging/index.ts'
import type { DetectorManifest } from './manifest.ts'

type Files = ReadonlyMap<string, Uint8Array>

/** Where the null of a batch size is kept, and that of single columns beside it. */
const filesOf = (size: number): [all: string, columns: string] => [
  `null-0-${size}.f32`,
  `null-columns-0-${size}.f32`,
]

/** Of the statistics that are drawn. */
const REVISION = 2

/** The batch sizes whose nulls are drawn, as a manifest lists them; nothing when there are none. */
export function describeNulls({
  comparison: { fast },
}: BaselineNumbers): Pick<DetectorManifest, 'prepared'> {
  if (fast === undefined || fast.nulls.length === 0) return {}
  const columnDraws = fast.nulls[0].columns.groups[0].length
  const sizes = fast.nulls.map(({ size }) => size)
  return { prepared: { sizes, draws: fast.draws, columnDraws, revision: REVISION } }
}

/**
 * Two files for each batch size: the draws of its channels, its groups and overall, one after the other; and those of
 * every statistic and every column by itself.
 */
export function nullFiles({ comparison: { fast } }: BaselineNumbers): [string, Uint8Array][] {
  return (fast?.nulls ?? []).flatMap((own): [string, Uint8Array][] => {
    const [all, columns] = filesOf(own.size)
    return [
      [all, bytesOf([...own.channels, ...own.groups, own.overall])],
      [columns, bytesOf([...own.columns.channels, ...own.columns.groups])],
    ]
  })
}

function bytesOf(rows: readonly Float32Array[]): Uint8Array {
  return new Uint8Array(concatenateValues(rows).buffer)
}

/** A stored manifest without nulls of a version that drew other statistics: such batches are tested exactly. */
export function keepUsableNulls({ prepared, ...manifest }: DetectorManifest): DetectorManifest {
  return prepared?.revision === REVISION ? { ...manifest, prepared } : manifest
}

/** The baseline with the nulls that were stored; throws DriftError('artifact.corrupt') when one is missing. */
export function restoreNulls(
  baseline: BaselineNumbers,
  manifest: DetectorManifest,
  files: Files,
): BaselineNumbers {
  const { prepared, seed } = manifest
  if (prepared?.columnDraws === undefined) return baseline
  const { comparison } = baseline
  const { draws, sizes, columnDraws } = prepared
  const groups = testedGroups({ ...manifest, maps: baseline.maps })
  const random = createRandom(seed)
  const empty = prepareFastOmnibus(comparison.prepared, groups, { sizes: [], draws, random })
  const nulls = sizes.map((size) =>
    readNull(files, filesOf(size), { groups, size, draws, columnDraws }),
  )
  return { ...baseline, comparison: { ...comparison, fast: { ...empty, nulls } } }
}

type NullShape = {
  readonly groups: readonly OmnibusGroup[]
  readonly size: number
  readonly draws: number
  readonly columnDraws: number
}

function readNull(
  files: Files,
  [all, alone]: readonly [string, string],
  { groups, size, draws, columnDraws }: NullShape,
): FastNull {
  const columnCount = groups.reduce(
    (sum, { columns, maps = [], also }) =>
      sum + columns.length + maps.length + (also === 'together' ? 1 : 0),
    0,
  )
  const rows = readRows(files, { name: all, draws, fewest: groups.length + 2 })
  const columns = readRows(files, { name: alone, draws: columnDraws, fewest: columnCount + 1 })
  const channels = rows.length - groups.length - 1
  return {
    size,
    channels: rows.slice(0, channels),
    groups: rows.slice(channels, -1),
    overall: rows[rows.length - 1],
    columns: { channels: columns.slice(0, -columnCount), groups: columns.slice(-columnCount) },
  }
}

function readRows(
  files: Files,
  {
    name,
    draws,
    fewest,
  }: { readonly name: string; readonly draws: number; readonly fewest: number },
): Float32Array[] {
  const bytes = files.get(name)
  const count = (bytes?.byteLength ?? 0) / 4 / draws
  if (bytes === undefined || !Number.isInteger(count) || count < fewest) {
    throw new DriftError(
      'artifact.corrupt',
      `expected rows of ${draws} draws in ${name}, got ${bytes?.byteLength ?? 'no'} bytes`,
    )
  }
  const values = new Float32Array(bytes.slice().buffer)
  return Array.from({ length: count }, (_, i) => values.slice(i * draws, (i + 1) * draws))
}
