import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'

type Row = readonly number[]

/** Reference values made by test/golden/statistics.py with SciPy and NumPy. */
export const golden = JSON.parse(
  readFileSync(new URL('../golden/statistics.json', import.meta.url), 'utf8'),
) as {
  readonly distributions: Readonly<Record<string, readonly Row[]>>
  readonly twoSamples: readonly {
    readonly name: string
    readonly first: Row
    readonly second: Row
    readonly kolmogorovSmirnov: readonly [number, number]
    readonly mannWhitney: readonly [number, number]
    readonly auc: number
    readonly means: readonly [first: number, second: number]
    readonly hedgesG: number
  }[]
  readonly kolmogorovSmirnovTails: Readonly<
    Record<'exact' | 'limit', readonly (readonly [number, number, number, number])[]>
  >
  readonly shiftDistances: readonly {
    readonly columnCount: number
    readonly reference: Row
    readonly window: Row
    readonly distances: Row
  }[]
  readonly counts: {
    readonly chiSquared: readonly (readonly [Row, Row, number, number])[]
    readonly binomial: readonly (readonly [number, number, number, number])[]
    readonly intervals: readonly (readonly [number, number, Row, Row])[]
    readonly thresholdRank: readonly (readonly [number, number, number, number])[]
  }
  readonly kernels: {
    readonly columnCount: number
    readonly first: Row
    readonly second: Row
    readonly gaussian: number
    readonly laplace: number
    readonly laplaceBandwidth: number
    readonly bandwidths: Row
    readonly bandwidthRows: number
  }
  readonly frechet: {
    readonly columnCount: number
    readonly first: Row
    readonly second: Row
    readonly distance: number
  }
  readonly labelShares: {
    readonly predicted: Row
    readonly actual: Row
    readonly window: Row
    readonly shares: Row
  }
  readonly omnibus: {
    readonly columnCount: number
    readonly reference: Row
    readonly window: Row
    readonly statistics: readonly { readonly rank: number; readonly raw: number }[]
    readonly category: readonly [largestRoot: number, deviance: number]
  }
}

/** Asserts equality up to a relative tolerance (absolute below 1e-12). */
export function assertClose(actual: number, expected: number, tolerance = 1e-9): void {
  const allowed = tolerance * Math.abs(expected) + 1e-12
  assert.ok(Math.abs(actual - expected) <= allowed, `got ${actual}, expected ${expected}`)
}
