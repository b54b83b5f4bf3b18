import type { Random } from '../../tensor/index.ts'
import { addRows } from '../omnibus/subset-sums.ts'
import type { RowTable } from './discriminants.ts'
import { countNotAbove } from '../sorted.ts'
import { effectiveRows } from './label-shares.ts'

/** What is drawn together, rows or blocks of rows: their weighted sums, weights, and how likely each is drawn. */
export type Units = {
  readonly count: number
  readonly width: number
  /** count × width. */
  readonly sums: Float32Array
  readonly weights: Float64Array
  /** Sums to 1. */
  readonly chances: Float64Array
  /** How many units of equal weight would vary as little. */
  readonly effective: number
}

/** Each row a unit of its own, drawn as often as its weight says. */
export function rowUnits({ width, values }: RowTable, weights: Float64Array): Units {
  const total = weights.reduce((sum, one) => sum + one, 0)
  return {
    count: weights.length,
    width,
    sums: values,
    weights: new Float64Array(weights.length).fill(1),
    chances: weights.map((one) => one / total),
    effective: effectiveRows(weights),
  }
}

/** Each block a unit, all drawn as often, their rows counting by their weights. */
export function blockUnits(
  { width, values }: RowTable,
  weights: Float64Array,
  blocks: Uint32Array,
): Units {
  const numbers = new Map<number, number>()
  for (const block of blocks) if (!numbers.has(block)) numbers.set(block, numbers.size)
  const count = numbers.size
  const sums = new Float32Array(count * width)
  const totals = new Float64Array(count)
  blocks.forEach((block, row) => {
    const unit = numbers.get(block) as number
    totals[unit] += weights[row]
    const to = unit * width
    for (let w = 0; w < width; w++) sums[to + w] += weights[row] * values[row * width + w]
  })
  const chances = new Float64Array(count).fill(1 / count)
  return { count, width, sums, weights: totals, chances, effective: effectiveRows(totals) }
}

/** Both together, the second drawn with the chance `share`. */
export function poolUnits(first: Units, second: Units, share: number): Units {
  const count = first.count + second.count
  const sums = new Float32Array(count * first.width)
  sums.set(first.sums)
  sums.set(second.sums, first.sums.length)
  const both = (a: Float64Array, b: Float64Array) => Float64Array.from([...a, ...b])
  return {
    count,
    width: first.width,
    sums,
    weights: both(first.weights, second.weights),
    chances: both(
      first.chances.map((one) => one * (1 - share)),
      second.chances.map((one) => one * share),
    ),
    effective: first.effective + second.effective,
  }
}

/** Draws units with replacement; each call returns the weighted mean of one draw of `size` units. */
export function unitSampler(units: Units, random: Random): (size: number) => Float64Array {
  const { count, width, sums, weights } = units
  const bounds = new Float64Array(count)
  units.chances.reduce((sum, chance, i) => (bounds[i] = sum + chance), 0)
  return (size) => {
    const drawn = new Uint32Array(size)
    let total = 0
    for (let i = 0; i < size; i++) {
      drawn[i] = Math.min(count - 1, countNotAbove(bounds, random.uniform()))
      total += weights[drawn[i]]
    }
    const mean = new Float64Array(width)
    addRows(mean, { width, values: sums }, drawn)
    return mean.map((sum) => sum / (total || 1))
  }
}

/** Weighted mean of all rows of the units. */
export function meanOf({ count, width, sums, weights }: Units): Float64Array {
  const mean = new Float64Array(width)
  let total = 0
  for (let unit = 0; unit < count; unit++) {
    total += weights[unit]
    for (let w = 0; w < width; w++) mean[w] += sums[unit * width + w]
  }
  return mean.map((sum) => sum / total)
}
