import type { Random } from '../../tensor/index.ts'

/** Labels of the pooled rows: one per row of the reference, one per row of the window. */
export type RowLabels = {
  readonly reference: ArrayLike<number>
  readonly window: ArrayLike<number>
}

/** Which pooled rows may change places: rows 0..m−1 are the reference's, m..m+n−1 the window's. */
export type PermutationPlan = {
  readonly rows: number
  readonly windowRows: number
  /** Unit (single row or block of rows) of each row; null when every row is its own unit. */
  readonly unitOfRow: Uint32Array | null
  readonly units: number
  /** Where blocks may hold rows of several strata: the stratum of each row, numbered from 0; else null. */
  readonly stratumOfRow: Uint32Array | null
  /** Units are exchanged within a stratum only. */
  readonly strata: readonly Stratum[]
  /** True when subsets stand for the window; false when, being smaller, they stand for the reference. */
  readonly sumsWindow: boolean
}

/** Exchangeable units. */
export type Stratum = {
  readonly units: Uint32Array
  /** How many of them stand on the summed side. */
  readonly take: number
}

/** `draws` subsets of `size` units each; subset 0 is the one observed. */
export type Subsets = {
  readonly draws: number
  readonly size: number
  /** draws × size. */
  readonly units: Uint32Array
}

/**
 * The plan of a test; `blocks` are exchanged whole, `strata` never mixed. With both, a block belongs to the stratum
 * most of its rows are of, and `stratumOfRow` tells what each of its rows is to be compared with.
 */
export function planPermutations(
  referenceRows: number,
  windowRows: number,
  labels: { readonly blocks?: RowLabels | undefined; readonly strata?: RowLabels | undefined } = {},
): PermutationPlan {
  const { blocks, strata } = labels
  for (const given of [blocks, strata]) {
    if (given === undefined) continue
    if (given.reference.length !== referenceRows || given.window.length !== windowRows) {
      throw new RangeError(
        `expected ${referenceRows} + ${windowRows} row labels, got ${given.reference.length} + ${given.window.length}`,
      )
    }
  }
  const rows = referenceRows + windowRows
  const unitOfRow = blocks === undefined ? null : numberBlocks(blocks)
  const stratumOfRow = strata === undefined ? null : numberLabels(strata)
  // Blocks are numbered as they come, so the window's first row opens the window's first block.
  const referenceUnits = unitOfRow === null ? referenceRows : unitOfRow[referenceRows]
  const units = unitOfRow === null ? rows : unitOfRow.reduce((a, b) => Math.max(a, b)) + 1
  const sumsWindow = units - referenceUnits <= referenceUnits
  const stratumOfUnit =
    unitOfRow === null || stratumOfRow === null
      ? stratumOfRow
      : commonestStrata(stratumOfRow, unitOfRow, units)
  return {
    rows,
    windowRows,
    unitOfRow,
    units,
    stratumOfRow: unitOfRow === null ? null : stratumOfRow,
    sumsWindow,
    strata: splitStrata(units, referenceUnits, { stratumOfUnit, sumsWindow }),
  }
}

/** Draws the observed subset and `permutations` uniform ones. */
export function drawSubsets(plan: PermutationPlan, permutations: number, random: Random): Subsets {
  const draws = permutations + 1
  const size = plan.strata.reduce((sum, { take }) => sum + take, 0)
  const units = new Uint32Array(draws * size)
  let offset = 0
  for (const { units: members, take } of plan.strata) {
    const pool = members.slice()
    // The observed side stands first in every stratum.
    units.set(pool.subarray(0, take), offset)
    for (let b = 1; b < draws; b++) drawInto(pool, take, { random, units, at: b * size + offset })
    offset += take
  }
  return { draws, size, units }
}

/** Draws uniform subsets of `size` of the units 0..units−1, each in random order. */
export function drawRandomSubsets(
  units: number,
  size: number,
  { draws, random }: { readonly draws: number; readonly random: Random },
): Subsets {
  const pool = new Uint32Array(units).map((_, unit) => unit)
  const chosen = new Uint32Array(draws * size)
  for (let b = 0; b < draws; b++) drawInto(pool, size, { random, units: chosen, at: b * size })
  return { draws, size, units: chosen }
}

// A partial Fisher–Yates shuffle is uniform from any starting order, so the pool is never reset.
function drawInto(
  pool: Uint32Array,
  take: number,
  target: { readonly random: Random; readonly units: Uint32Array; readonly at: number },
): void {
  const { random, units, at } = target
  for (let i = 0; i < take; i++) {
    const j = i + random.integer(pool.length - i)
    const chosen = pool[j]
    pool[j] = pool[i]
    pool[i] = chosen
    units[at + i] = chosen
  }
}

function numberBlocks({ reference, window }: RowLabels): Uint32Array {
  const unitOfRow = new Uint32Array(reference.length + window.length)
  let units = 0
  let row = 0
  for (const labels of [reference, window]) {
    const known = new Map<number, number>()
    for (let i = 0; i < labels.length; i++) {
      let unit = known.get(labels[i])
      if (unit === undefined) {
        unit = units++
        known.set(labels[i], unit)
      }
      unitOfRow[row++] = unit
    }
  }
  return unitOfRow
}

/** Labels of reference and window numbered from 0 in ascending order, so that the order of rows does not matter. */
function numberLabels({ reference, window }: RowLabels): Uint32Array {
  const labels = [...Array.from(reference), ...Array.from(window)]
  const distinct = [...new Set(labels)].toSorted((a, b) => a - b)
  const numbers = new Map(distinct.map((label, number) => [label, number]))
  return Uint32Array.from(labels, (label) => numbers.get(label) as number)
}

/** The stratum that most rows of each unit are of; the lowest of equals. */
function commonestStrata(
  stratumOfRow: Uint32Array,
  unitOfRow: Uint32Array,
  units: number,
): Uint32Array {
  const strata = 1 + stratumOfRow.reduce((a, b) => Math.max(a, b))
  const counts = new Uint32Array(units * strata)
  stratumOfRow.forEach((stratum, row) => counts[unitOfRow[row] * strata + stratum]++)
  return Uint32Array.from({ length: units }, (_, unit) => {
    const own = counts.subarray(unit * strata, (unit + 1) * strata)
    return own.indexOf(own.reduce((a, b) => Math.max(a, b)))
  })
}

function splitStrata(
  units: number,
  referenceUnits: number,
  { stratumOfUnit, sumsWindow }: { stratumOfUnit: Uint32Array | null; sumsWindow: boolean },
): Stratum[] {
  const summedFirst = new Uint32Array(units)
  const windowUnits = units - referenceUnits
  for (let i = 0; i < units; i++) {
    summedFirst[i] = sumsWindow ? (referenceUnits + i) % units : i
  }
  const take = sumsWindow ? windowUnits : referenceUnits
  if (stratumOfUnit === null) return [{ units: summedFirst, take }]
  const members = Map.groupBy(summedFirst.keys(), (i) => stratumOfUnit[summedFirst[i]])
  return [...members.values()].map((places) => ({
    units: Uint32Array.from(places, (i) => summedFirst[i]),
    take: places.filter((i) => i < take).length,
  }))
}
