import type { Random } from '../../tensor/index.ts'
import type { MixtureModel } from './mixtures.ts'

/** Rows drawn from a mixture, no two of them made of the same image. */
export type MixtureSample = {
  /** rows × columns, row-major. */
  readonly values: Float32Array
  /** The reference row each was made of. */
  readonly originals: Uint32Array
}

/**
 * Draws as many rows of untouched and changed images as there can be, at most `limit`, in these shares (the untouched
 * reference first). Of each image there is at most one row: copies of one image are no independent evidence.
 */
export function drawMixture(
  model: MixtureModel,
  shares: Float64Array,
  { random, limit }: { readonly random: Random; readonly limit: number },
): MixtureSample {
  const { reference, pool } = model
  const { copyOf, weights } = keepOneCopy(model, shares, random)
  const untouched = shares[0] / reference.rows
  const scale = Math.min(1 / usualWeight(weights.map((weight) => weight + untouched)), limit)
  const rows: number[] = []
  for (let original = 0; original < reference.rows; original++) {
    const draw = random.uniform()
    // Below this the copy, up to the sum the untouched image, beyond it neither.
    if (draw < scale * weights[original]) rows.push(copyOf[original])
    else if (draw < scale * (weights[original] + untouched)) rows.push(-1 - original)
  }
  const width = reference.columnCount
  const values = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    const [from, at] = row < 0 ? [reference.values, -1 - row] : [pool.values, row]
    values.set(from.subarray(at * width, (at + 1) * width), i * width)
  })
  const originals = Uint32Array.from(rows, (row) => (row < 0 ? -1 - row : pool.originals[row]))
  return { values, originals }
}

/** Share of the mixture whose rows may be drawn as often as they should be; of heavier ones there is but one each. */
const KEPT_WHOLE = 0.8

/** The weight that heavier rows are drawn with: were it the largest, a few rows would make a sample of a few. */
function usualWeight(weights: Float64Array): number {
  let sum = 0
  for (const weight of weights.toSorted()) {
    sum += weight
    if (sum >= KEPT_WHOLE) return weight
  }
  return Math.max(...weights)
}

/** One copy of each image that has any in the mixture, at random, and its weight, 0 where there is none; the weights sum to the shares. */
function keepOneCopy(
  { reference, pool, neighbourhoods }: MixtureModel,
  shares: Float64Array,
  random: Random,
): { readonly copyOf: Uint32Array; readonly weights: Float64Array } {
  const copyOf = new Uint32Array(reference.rows)
  const isWanted = new Uint8Array(pool.rows)
  neighbourhoods.forEach((rows, k) => {
    if (shares[k + 1] > 0) for (const row of rows) isWanted[row] = 1
  })
  for (const row of random.permutation(pool.rows)) {
    if (isWanted[row] === 1) copyOf[pool.originals[row]] = row
  }
  const weights = new Float64Array(reference.rows)
  neighbourhoods.forEach((rows, k) => {
    if (shares[k + 1] === 0) return
    const own = rows.filter((row) => copyOf[pool.originals[row]] === row)
    for (const row of own) weights[pool.originals[row]] += shares[k + 1] / own.length
  })
  return { copyOf, weights }
}
