import { adjustImages } from '../../../images/index.ts'
import { type OmnibusGroup, prepareOmnibusReference } from '../../../statistics/index.ts'
import { createRandom, type Random, takeRows, type Tensor } from '../../../tensor/index.ts'
import type { Tolerance } from '../../settings/settings.ts'
import {
  changeSpace,
  type ChangeSpace,
  drawChange,
  type DrawnChange,
  drawProbes,
} from './draw-changes.ts'
import { type ChangedCopies, embedChanges } from './embed-changes.ts'
import { createMixtureModel, type TolerancePool } from '../../../judging/index.ts'
import { measureUnexplained, type Probe, type Unexplained } from './unexplained.ts'

/** What a detector knows of the changes it takes for normal. */
export type FittedTolerance = Unexplained & {
  readonly pool: TolerancePool
  /** Where the changes probed lie among the copies': probes × dimensions. */
  readonly probes: Float32Array
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
const COPIES = 30_000
const COPIES_OF_ONE = 60
const COPIES_AT_ONCE = 1000
const PROBED_IMAGES = 400

/** Measures the reference under tolerated changes: some 30,000 images. */
export async function fitTolerance(
  reference: MeasuredReference,
  limits: Tolerance,
  { groups, seed }: { readonly groups: readonly OmnibusGroup[]; readonly seed: number },
): Promise<FittedTolerance> {
  const space = changeSpace(limits, {
    quantised: isQuantised(reference.pixels),
    height: reference.pixels.shape[2],
    width: reference.pixels.shape[3],
  })
  const random = createRandom(seed)
  const copies = await measureCopies(reference, space, random)
  const probes = drawProbes(space, random)
  const measured = await measureProbes(reference, { space, probes, random })
  const { pixels, values } = reference
  const prepared = prepareOmnibusReference(values, values.length / pixels.shape[0])
  const { originals } = copies
  const positions = embedChanges(prepared, copies, {
    groups,
    others: probes,
  })
  const pool: TolerancePool = {
    rows: originals.length,
    values: copies.values,
    originals,
    positions: positions.copies,
  }
  const model = createMixtureModel(prepared, pool, groups)
  const unexplained = measureUnexplained(model, measured, { groups, random })
  return { pool, probes: positions.others, ...unexplained }
}

async function measureCopies(
  { pixels, values, measure }: MeasuredReference,
  space: ChangeSpace,
  random: Random,
): Promise<ChangedCopies> {
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
  return { values: copies, originals, changes }
}

async function measureProbes(
  { pixels, values, measure }: MeasuredReference,
  of: {
    readonly space: ChangeSpace
    readonly probes: readonly DrawnChange[]
    readonly random: Random
  },
): Promise<Probe[]> {
  const { space, random } = of
  const [count] = pixels.shape
  const probed = Math.min(count, PROBED_IMAGES)
  const rows = new Uint32Array(probed).map((_, row) => row)
  const originals = values.subarray(0, (values.length / count) * probed)
  const images = takeRows(pixels, rows)
  const probes: Probe[] = []
  for (const { adjustment } of of.probes) {
    const changed = adjustImages(images, () => adjustment, {
      random,
      quantised: space.quantised,
    })
    const border = adjustment.resampling?.border
    probes.push({ originals, changed: await measure(changed, rows), border })
  }
  return probes
}

/** True when every value is a multiple of 1/255. */
function isQuantised({ data }: Tensor): boolean {
  return data.every((value) => Math.abs(value * 255 - Math.round(value * 255)) < 1e-3)
}
