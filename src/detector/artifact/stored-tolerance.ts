import { DriftError } from '../../errors.ts'
import { ALLOWED_SCORES } from '../../statistics/index.ts'
import { concatenateValues } from '../../tensor/index.ts'
import type { DetectorManifest } from './manifest.ts'
import { bytesOf, floats } from './stored-numbers.ts'
import type { FittedTolerance } from '../fitting/tolerance/fit-tolerance.ts'

type Files = ReadonlyMap<string, Uint8Array>

const COPIES_FILE = 'tolerance-copies.f32'
const ORIGINALS_FILE = 'tolerance-originals.u32'
const POSITIONS_FILE = 'tolerance-positions.f32'
const PROBES_FILE = 'tolerance-probes.f32'
const ALLOWANCES_FILE = 'tolerance-allowances.f32'

/** The files of what a detector tolerates. */
export function toleranceFiles({
  pool,
  probes,
  allowances,
}: FittedTolerance): [string, Uint8Array][] {
  return [
    [COPIES_FILE, bytesOf(pool.values)],
    [ORIGINALS_FILE, bytesOf(pool.originals)],
    [POSITIONS_FILE, bytesOf(pool.positions)],
    [PROBES_FILE, bytesOf(probes)],
    [ALLOWANCES_FILE, bytesOf(concatenateValues(allowances))],
  ]
}

/** What a manifest says of them; undefined where nothing is tolerated. */
export function readTolerance(
  { tolerance, columns, counts }: DetectorManifest,
  files: Files,
): FittedTolerance | undefined {
  if (tolerance === undefined) return undefined
  const { copies, dimensions, probes } = tolerance
  const numbers = (name: string, shape: readonly number[]) => floats(files, name, shape).data
  const originals = new Uint32Array(numbers(ORIGINALS_FILE, [copies]).buffer)
  if (originals.some((row) => row >= counts.reference)) {
    throw new DriftError(
      'artifact.corrupt',
      `expected rows below ${counts.reference} in ${ORIGINALS_FILE}, got ${Math.max(...originals)}`,
    )
  }
  const length = columns.length * ALLOWED_SCORES
  const allowances = numbers(ALLOWANCES_FILE, [probes, length])
  const placesOf = (names: readonly string[]) =>
    columns.flatMap(({ name }, i) => (names.includes(name) ? [i] : []))
  return {
    pool: {
      rows: copies,
      values: numbers(COPIES_FILE, [copies, columns.length]),
      originals,
      positions: numbers(POSITIONS_FILE, [copies, dimensions]),
    },
    probes: numbers(PROBES_FILE, [probes, dimensions]),
    allowances: Array.from({ length: probes }, (_, i) =>
      allowances.subarray(i * length, (i + 1) * length),
    ),
    unfitted: placesOf(tolerance.unfitted),
    untested: placesOf(tolerance.untested),
  }
}
