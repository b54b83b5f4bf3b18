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

/** The plan of a test; `blocks` are exchanged whole, `strata` never mixed. */
export function planPermutations(
  referenceRows: number,
  windowRows: number,
  labels: { readonly blocks?: RowLabels | undefined; readonly strata?: RowLabels | undefined } = {},
): PermutationPlan {
  const { blocks, strata } = labels
  if (blocks !== undefined && strata !== undefined) {
    throw new RangeError('expected either blocks or strata, got both')
  }
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
  // Blocks are numbered as they come, so the window's first row opens the window's first block.
  const referenceUnits = unitOfRow === null ? referenceRows : unitOfRow[referenceRows]
  const units = unitOfRow === null ? rows : unitOfRow.reduce((a, b) => Math.max(a, b)) + 1
  const sumsWindow = units - referenceUnits <= referenceUnits
  return {
    rows,
    windowRows,
    unitOfRow,
    units,
    sumsWindow,
    strata: splitStrata(units, referenceUnits, { strata, sumsWindow }),
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

function splitStrata(
  units: number,
  referenceUnits: number,
  { strata, sumsWindow }: { strata: RowLabels | undefined; sumsWindow: boolean },
): Stratum[] {
  const summedFirst = new Uint32Array(units)
  const windowUnits = units - referenceUnits
  for (let i = 0; i < units; i++) {
    summedFirst[i] = sumsWindow ? (referenceUnits + i) % units : i
  }
  const take = sumsWindow ? windowUnits : referenceUnits
  if (strata === undefined) return [{ units: summedFirst, take }]
  const members = new Map<number, { readonly units: number[]; take: number }>()
  summedFirst.forEach((unit, i) => {
    const inWindow = unit >= referenceUnits
    const label = inWindow ? strata.window[unit - referenceUnits] : strata.reference[unit]
    let stratum = members.get(label)
    if (stratum === undefined) members.set(label, (stratum = { units: [], take: 0 }))
    stratum.units.push(unit)
    if (i < take) stratum.take++
  })
  return [...members.values()].map((stratum) => ({
    units: Uint32Array.from(stratum.units),
    take: stratum.take,
  }))
}
