import type { Allowances } from '../../statistics/index.ts'
import type { MixtureModel } from './mixtures.ts'

/** What is left unexplained under some changes, and where these lie among the copies'. */
export type ProbedAllowances = {
  /** probes × dimensions. */
  readonly probes: Float32Array
  /** One for each probe. */
  readonly allowances: readonly Allowances[]
}

/** Probes that speak for a neighbourhood. */
const NEAREST = 8

/**
 * What a mixture may be spared: of each of its components what its nearest probes leave at most, in the components'
 * shares; the untouched reference is spared nothing. What a mixture leaves is no more than that of its components.
 */
export function mixtureAllowances(
  { pool, neighbourhoods }: MixtureModel,
  shares: Float64Array,
  { probes, allowances }: ProbedAllowances,
): Allowances {
  const dimensions = pool.positions.length / pool.rows
  const spared = new Float32Array(allowances[0].length)
  neighbourhoods.forEach((rows, k) => {
    const share = shares[k + 1]
    if (share === 0) return
    const near = nearestRows(probes, centreOf(pool.positions, rows, dimensions))
    for (let i = 0; i < spared.length; i++) {
      spared[i] += share * Math.max(...near.map((probe) => allowances[probe][i]))
    }
  })
  return spared
}

function centreOf(positions: Float32Array, rows: Uint32Array, dimensions: number): Float64Array {
  const centre = new Float64Array(dimensions)
  for (const row of rows) {
    for (let d = 0; d < dimensions; d++) {
      centre[d] += positions[row * dimensions + d] / rows.length
    }
  }
  return centre
}

function nearestRows(positions: Float32Array, centre: Float64Array): number[] {
  const rows = Array.from({ length: positions.length / centre.length }, (_, row) => ({
    row,
    square: centre.reduce(
      (sum, one, d) => sum + (one - positions[row * centre.length + d]) ** 2,
      0,
    ),
  }))
  return rows
    .toSorted((a, b) => a.square - b.square)
    .slice(0, NEAREST)
    .map(({ row }) => row)
}
