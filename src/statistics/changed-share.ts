import type { Random } from '../tensor/index.ts'
import type { OmnibusReference } from './omnibus/reference.ts'
import { drawSubsets, planPermutations, type RowLabels } from './omnibus/subsets.ts'
import { cutColumn, type PooledColumn, splitColumn } from './pooled-sets.ts'

/** How many of a window's rows are not like the reference's, as shares of the window. */
export type ChangedShare = {
  /** At least this share changed: a 95% confidence bound over all columns at once. */
  readonly atLeast: number
  /** About this share: too high no more often than too low, wherever changed rows stand apart. */
  readonly estimate: number
  /** The 95% bound from each column alone, in the order they were asked for; all hold at once. */
  readonly columns: readonly number[]
}

export type ChangedShareOptions = {
  /** Columns to look at. */
  readonly columns: readonly number[]
  /** Those of them that hold codes of categories. */
  readonly categories?: ReadonlySet<number>
  readonly random: Random
  /** Null draws that the bounds are calibrated on. Default 199. */
  readonly draws?: number
  /** Block of each row, where rows depend on each other: rows of a block are exchanged together. */
  readonly blocks?: RowLabels | undefined
}

/**
 * Estimates the share π of a window that is (1 − π) reference + π anything else. Of a set that holds few reference rows
 * and many of the window's, all but a chance number of the latter must be changed ones; the bound is the largest over
 * the lower and upper sets of every column (Meinshausen & Rice 2006), with the deviance of the two counts (Berk &
 * Jones 1979, half a row taken off for continuity) as what chance may do, so that ten rows far out count as ten.
 * Its critical value is that of the largest deviance over all columns and sets when rows (blocks) are exchanged at
 * random: the 95% point for the bound, the 50% point for the estimate. There is no upper bound: a mild change of
 * every row can't be told from a plain one of a few. Cost O(columns · draws · smaller sample).
 */
export function estimateChangedShare(
  reference: OmnibusReference,
  window: Float32Array,
  options: ChangedShareOptions,
): ChangedShare {
  const { columns, categories, random, draws = 199, blocks } = options
  const m = reference.rows
  const n = window.length / reference.columnCount
  const sides = drawSides({ m, n, draws, random, blocks })
  const critical = new Float64Array(draws)
  const excesses = columns.map((column) => {
    const pooled = categories?.has(column)
      ? splitColumn(reference, window, column)
      : cutColumn(reference, window, column)
    sides.forEach((side, draw) => raise(critical, draw, { pooled, side }))
    return excessesOf(pooled, m)
  })
  critical.sort()
  const boundsAt = (level: number): number[] => {
    const chance = critical[Math.min(draws, Math.ceil(level * (draws + 1))) - 1]
    return excesses.map((sets) => leastChanged(sets, { n, m, chance }) / n)
  }
  const sure = boundsAt(0.95)
  const likely = boundsAt(0.5)
  const atLeast = Math.max(0, ...sure)
  // Beside columns that are sure of much, those that are sure of little can only add noise.
  const speaking = likely.filter((_, i) => sure[i] >= atLeast / 2)
  return { atLeast, estimate: Math.max(0, ...speaking), columns: sure }
}

/** Rows that a draw puts on one side, and whether that side stands for the window. */
type Side = { readonly rows: Uint32Array; readonly isWindow: boolean }

function drawSides(of: {
  readonly m: number
  readonly n: number
  readonly draws: number
  readonly random: Random
  readonly blocks: RowLabels | undefined
}): Side[] {
  const plan = planPermutations(of.m, of.n, { blocks: of.blocks })
  const { units, size } = drawSubsets(plan, of.draws, of.random)
  const rowsOf = plan.unitOfRow === null ? null : rowsByUnit(plan.unitOfRow, plan.units)
  // Draw 0 is the one observed.
  return Array.from({ length: of.draws }, (_, b) => {
    const chosen = units.subarray((b + 1) * size, (b + 2) * size)
    const rows =
      rowsOf === null ? chosen : Uint32Array.from([...chosen].flatMap((unit) => rowsOf[unit]))
    return { rows, isWindow: plan.sumsWindow }
  })
}

function rowsByUnit(unitOfRow: Uint32Array, units: number): number[][] {
  const rows = Array.from({ length: units }, (): number[] => [])
  unitOfRow.forEach((unit, row) => rows[unit].push(row))
  return rows
}

/** Rows of the window and of the reference in one set. */
type Excess = { readonly own: number; readonly known: number }

/**
 * More categories than this are looked at one by one: of many, those that chance favoured make a set together that
 * would stand out more than any column does.
 */
const MOST_UNITED = 12

/**
 * Calls `visit` with the rows of the window and of both in every set of a column: the bins up to each, of categories
 * those the window favours most, or one by one.
 */
function visitSets(
  { sizes, ordered }: PooledColumn,
  own: Uint32Array,
  visit: (own: number, all: number) => void,
): void {
  if (!ordered && sizes.length > MOST_UNITED) {
    sizes.forEach((size, bin) => visit(own[bin], size))
    return
  }
  const bins = sizes.map((_, bin) => bin)
  if (!ordered) bins.sort((a, b) => own[b] * sizes[a] - own[a] * sizes[b])
  let inside = 0
  let all = 0
  for (const bin of bins.subarray(0, -1)) visit((inside += own[bin]), (all += sizes[bin]))
}

function raise(
  largest: Float64Array,
  draw: number,
  { pooled, side }: { readonly pooled: PooledColumn; readonly side: Side },
): void {
  const { bins, sizes } = pooled
  const counts = new Uint32Array(sizes.length)
  for (const row of side.rows) counts[bins[row]]++
  if (!side.isWindow) counts.forEach((count, bin) => (counts[bin] = sizes[bin] - count))
  const total = bins.length
  const n = side.isWindow ? side.rows.length : total - side.rows.length
  const m = total - n
  visitSets(pooled, counts, (inside, all) => {
    const [own, known] =
      inside * total >= all * n ? [inside, all - inside] : [n - inside, m - (all - inside)]
    if (2 * known > m || bound(own, known, { n, m }) <= largest[draw]) return
    largest[draw] = Math.max(largest[draw], deviance(own, known, { n, m }))
  })
}

function excessesOf(pooled: PooledColumn, m: number): Excess[] {
  const n = pooled.bins.length - m
  const counts = new Uint32Array(pooled.sizes.length)
  for (let row = m; row < m + n; row++) counts[pooled.bins[row]]++
  const sets: Excess[] = []
  // A set that holds most of the reference would turn a few missing rows into a large share.
  const add = (own: number, known: number) => {
    if (2 * known <= m && own * m > known * n) sets.push({ own, known })
  }
  visitSets(pooled, counts, (inside, all) => {
    add(inside, all - inside)
    add(n - inside, m - (all - inside))
  })
  return sets
}

type Sizes = { readonly n: number; readonly m: number }

/** The smallest number of changed rows that leaves no set with more of the others than chance allows. */
function leastChanged(
  sets: readonly Excess[],
  { n, m, chance }: Sizes & { readonly chance: number },
): number {
  let least = 0
  for (const { own, known } of sets) {
    const explains = (changed: number): boolean =>
      deviance(own - changed, known, { n: n - changed, m }) <= chance
    if (explains(least)) continue
    let [no, yes] = [least, own]
    while (yes - no > 1) {
      const middle = (no + yes) >>> 1
      if (explains(middle)) yes = middle
      else no = middle
    }
    least = yes
  }
  return least
}

/** Twice the log-likelihood ratio of the counts of a set under two shares and under one; 0 unless the window has more. */
function deviance(own: number, known: number, { n, m }: Sizes): number {
  const [inside, outside] = [own - 0.5, known + 0.5]
  if (inside <= 0 || inside * m <= outside * n) return 0
  const all = inside + outside
  return (
    2 *
    (term(inside) +
      term(n - inside) +
      term(outside) +
      term(m - outside) -
      term(all) -
      term(n + m - all) -
      term(n) -
      term(m) +
      term(n + m))
  )
}

function term(x: number): number {
  return x * Math.log(x)
}

/** Pearson's statistic of the same counts, never below their deviance and without logarithms. */
function bound(own: number, known: number, { n, m }: Sizes): number {
  const share = (own + known) / (n + m)
  const gap = own / n - share
  return gap <= 0 ? 0 : (((n * (n + m)) / m) * gap * gap) / (share * (1 - share))
}
