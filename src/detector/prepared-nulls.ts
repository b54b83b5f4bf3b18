import { DriftError } from '../errors.ts'
import { type FastNull, type FastOmnibus, prepareFastOmnibus } from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import { type Baseline, mapComparisons } from './baseline.ts'
import type { DetectorManifest } from './manifest.ts'
import { testGroups } from './window-test.ts'

type Files = ReadonlyMap<string, Uint8Array>

const fileOf = (comparison: number, size: number): string => `null-${comparison}-${size}.f32`

/** The batch sizes whose nulls are drawn, as a manifest lists them; nothing when there are none. */
export function describeNulls({
  comparisons: [{ fast }],
}: Baseline): Pick<DetectorManifest, 'prepared'> {
  if (fast === undefined) return {}
  return { prepared: { sizes: fast.nulls.map(({ size }) => size), draws: fast.draws } }
}

/** A file for each comparison and batch size: the draws of its channels, its groups and overall, one after the other. */
export function nullFiles({ comparisons }: Baseline): [string, Uint8Array][] {
  return comparisons.flatMap(({ fast }, c) =>
    (fast?.nulls ?? []).map((distribution): [string, Uint8Array] => {
      const rows = [...distribution.channels, ...distribution.groups, distribution.overall]
      const values = new Float32Array(rows.length * (fast?.draws ?? 0))
      rows.forEach((row, i) => values.set(row, i * row.length))
      return [fileOf(c, distribution.size), new Uint8Array(values.buffer)]
    }),
  )
}

/** The baseline with the nulls that were stored; throws DriftError('artifact.corrupt') when one is missing. */
export function restoreNulls(
  baseline: Baseline,
  { columns, features, prepared, seed }: DetectorManifest,
  files: Files,
): Baseline {
  if (prepared === undefined) return baseline
  const groups = testGroups(columns, features)
  const { draws, sizes } = prepared
  return mapComparisons(baseline, (comparison, c) => {
    const random = createRandom(seed)
    const empty = prepareFastOmnibus(comparison.prepared, groups, { sizes: [], draws, random })
    const nulls = sizes.map((size) => readNull(files, fileOf(c, size), { ...empty, size }))
    return { ...comparison, fast: { ...empty, nulls } }
  })
}

function readNull(
  files: Files,
  name: string,
  { size, draws, groups }: Pick<FastOmnibus, 'draws' | 'groups'> & { readonly size: number },
): FastNull {
  const bytes = files.get(name)
  const count = (bytes?.byteLength ?? 0) / 4 / draws
  const channels = count - groups.length - 1
  if (bytes === undefined || !Number.isInteger(count) || channels < groups.length) {
    throw new DriftError(
      'artifact.corrupt',
      `expected rows of ${draws} draws in ${name}, got ${bytes?.byteLength ?? 'no'} bytes`,
    )
  }
  const values = new Float32Array(bytes.slice().buffer)
  const rows = Array.from({ length: count }, (_, i) => values.slice(i * draws, (i + 1) * draws))
  return {
    size,
    channels: rows.slice(0, channels),
    groups: rows.slice(channels, -1),
    overall: rows[count - 1],
  }
}
