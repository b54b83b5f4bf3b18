import { adjustImages } from '../../images/index.ts'
import {
  ALLOWED_SCORES,
  type Allowances,
  type OmnibusGroup,
  prepareOmnibusReference,
} from '../../statistics/index.ts'
import { createRandom, type Random, takeRows, type Tensor } from '../../tensor/index.ts'
import type { Tolerance } from '../settings.ts'
import { changeSpace, type ChangeSpace, drawChange, drawProbes } from './draw-changes.ts'
import { createMixtureModel } from './mixtures.ts'
import { neighboursAmong, type TolerancePool } from './pool.ts'
import { measureUnexplained, type Probe } from './unexplained.ts'

/** What a detector knows of the changes it takes for normal. */
export type FittedTolerance = {
  readonly pool: TolerancePool
  /** What the window test spares each score. */
  readonly allowances: Allowances
  /** Columns that are no evidence: a tolerated change moves them in ways that no mixture of the copies explains. */
  readonly untested: readonly number[]
}

/** The held-out reference, and the way its images are measured. */
export type MeasuredReference = {
  readonly pixels: Tensor
  /** Features of `pixels`: rows × columns. */
  readonly values: Float32Array
  /** Features of changed copies of these rows, in their order. */
  readonly measure: (pixels: Tensor, rows: Uint32Array) => Promise<Float32Array>
}

/** Copies measured; of few images at most so many of each. */
const COPIES = 20_000
const COPIES_OF_ONE = 40
const COPIES_AT_ONCE = 1000
const PROBED_IMAGES = 400
/** Left unexplained by so many standard deviations a score says more about tools than about images. */
const UNTESTABLE = 3

/** Measures the reference under tolerated changes: some 30,000 images. */
export async function fitTolerance(
  reference: MeasuredReference,
  limits: Tolerance,
  { groups, seed }: { readonly groups: readonly OmnibusGroup[]; readonly seed: number },
): Promise<FittedTolerance> {
  const space = changeSpace(limits, isQuantised(reference.pixels))
  const random = createRandom(seed)
  const pool = await measureCopies(reference, space, random)
  const probes = await measureProbes(reference, space, random)
  return { pool, ...judgeColumns(reference, { pool, probes, groups, random }) }
}

async function measureCopies(
  { pixels, values, measure }: MeasuredReference,
  space: ChangeSpace,
  random: Random,
): Promise<TolerancePool> {
  const [count] = pixels.shape
  const width = values.length / count
  const rows = Math.min(COPIES, COPIES_OF_ONE * count)
  const originals = new Uint32Array(rows).map((_, copy) => copy % count)
  const changes = Array.from(originals, () => drawChange(space, random))
  const copies = new Float32Array(rows * width)
  for (let start = 0; start < rows; start += COPIES_AT_ONCE) {
    const own = originals.subarray(start, start + COPIES_AT_ONCE)
    const changed = adjustImages(takeRows(pixels, own), (row) => changes[start + row].adjustment, {
      random,
      quantised: space.quantised,
    })
    copies.set(await measure(changed, own), start * width)
  }
  const positions = Float32Array.from(changes.flatMap(({ position }) => position))
  return { rows, values: copies, originals, positions, neighbours: neighboursAmong(rows) }
}

async function measureProbes(
  { pixels, values, measure }: MeasuredReference,
  space: ChangeSpace,
  random: Random,
): Promise<Probe[]> {
  const [count] = pixels.shape
  const probed = Math.min(count, PROBED_IMAGES)
  const rows = new Uint32Array(probed).map((_, row) => row)
  const originals = values.subarray(0, (values.length / count) * probed)
  const images = takeRows(pixels, rows)
  const probes: Probe[] = []
  for (const { adjustment } of drawProbes(space, random)) {
    const changed = adjustImages(images, () => adjustment, {
      random,
      quantised: space.quantised,
    })
    probes.push({ originals, changed: await measure(changed, rows) })
  }
  return probes
}

/** Leaves out what no mixture explains, worst first: without it the mixtures fit the rest better. */
function judgeColumns(
  { pixels, values }: MeasuredReference,
  of: {
    readonly pool: TolerancePool
    readonly probes: readonly Probe[]
    readonly groups: readonly OmnibusGroup[]
    readonly random: Random
  },
): Pick<FittedTolerance, 'allowances' | 'untested'> {
  const prepared = prepareOmnibusReference(values, values.length / pixels.shape[0])
  const untested: number[] = []
  for (;;) {
    const groups = withoutColumns(of.groups, untested)
    const model = createMixtureModel(prepared, of.pool, groups)
    const allowances = measureUnexplained(model, of.probes, { groups, random: of.random })
    const worst = groups
      .flatMap(({ columns }) => columns)
      .filter((column) => largestOf(allowances, column) > UNTESTABLE)
    if (worst.length === 0) return { allowances, untested: untested.toSorted((a, b) => a - b) }
    untested.push(...worst)
  }
}

function largestOf(allowances: Allowances, column: number): number {
  return Math.max(...allowances.subarray(column * ALLOWED_SCORES, (column + 1) * ALLOWED_SCORES))
}

/** The groups without some columns; a group that has none left is gone. */
export function withoutColumns(
  groups: readonly OmnibusGroup[],
  left: readonly number[],
): OmnibusGroup[] {
  return groups
    .map((group) => ({ ...group, columns: group.columns.filter((one) => !left.includes(one)) }))
    .filter(({ columns }) => columns.length > 0)
}

/** True when every value is a multiple of 1/255. */
function isQuantised({ data }: Tensor): boolean {
  return data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)
}
