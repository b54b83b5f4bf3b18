import type { FeatureColumn } from '../../measuring/values/index.ts'
import { once } from '../once.ts'
import { nearGroups, type OmnibusReference } from '../../statistics/index.ts'

/** Finds images that are nearly the same: one picture with other noise, or saved with another compression. */
export type NearCopies = {
  /** For each row of features the first row that is nearly the same, itself where there is none. */
  groups(values: Float32Array): Uint32Array
  /** Share of the reference's images that are nearly the same as another; looked for at the first call. */
  naturalShare(): number
}

/** In fewer components different images lie near each other too. */
const FEWEST_COMPONENTS = 8

/**
 * Of the median distance of two reference images along their principal components. Sensor noise of 8 grey levels moves an
 * image by a fiftieth of it, compression of quality 60 by a fortieth; of 1,500 digits the nearest two are a thirteenth apart,
 * of photographs a fifth.
 */
const NEAR = 1 / 20

/** Pairs of reference images whose median distance is the scale. */
const PAIRS = 1000

/** Undefined where too few components are learned of the images. */
export function createNearCopies(
  columns: readonly FeatureColumn[],
  reference: OmnibusReference,
): NearCopies | undefined {
  const own = columns.flatMap(({ group }, column) => (group === 'component' ? [column] : []))
  if (own.length < FEWEST_COMPONENTS) return undefined
  const components = (values: Float32Array): Float32Array => {
    const rows = values.length / columns.length
    const kept = new Float32Array(rows * own.length)
    for (let row = 0; row < rows; row++) {
      own.forEach((column, k) => {
        kept[row * own.length + k] = values[row * columns.length + column]
      })
    }
    return kept
  }
  const known = components(reference.values)
  const radius = NEAR * medianDistance(known, own.length)
  const options = { columnCount: own.length, radius }
  return {
    groups: (values) => nearGroups(components(values), options),
    naturalShare: once(() => shareOfGroups(nearGroups(known, options))),
  }
}

/** Share of rows that are in a group of several, given the first row of each row's group. */
function shareOfGroups(firstOf: Uint32Array): number {
  const sizes = new Map<number, number>()
  const rows = Array.from(firstOf)
  for (const first of rows) sizes.set(first, (sizes.get(first) ?? 0) + 1)
  return rows.filter((first) => (sizes.get(first) ?? 0) > 1).length / Math.max(1, rows.length)
}

/** Of rows half the reference apart, which follow each other in no order that matters. */
function medianDistance(rows: Float32Array, width: number): number {
  const count = rows.length / width
  const half = count >> 1
  const step = Math.max(1, Math.floor(half / PAIRS))
  const distances: number[] = []
  for (let a = 0; a < half; a += step) {
    let sum = 0
    for (let k = 0; k < width; k++) sum += (rows[a * width + k] - rows[(a + half) * width + k]) ** 2
    distances.push(Math.sqrt(sum / width))
  }
  distances.sort((a, b) => a - b)
  return distances[distances.length >> 1] ?? 0
}
