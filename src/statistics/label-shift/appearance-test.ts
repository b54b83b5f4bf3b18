import type { Matrix, Random } from '../../tensor/index.ts'
import { pValuesOf } from '../omnibus/p-values.ts'
import { statisticsOfScores } from '../omnibus/layout.ts'
import { windowNull } from '../omnibus/null-distribution.ts'
import { projectRows, type RowTable } from './discriminants.ts'
import { labelWeights, mostLikelyLabelShares } from './label-shares.ts'
import type { LabelledReference } from './labelled-reference.ts'
import { deviationsFromLabels, remainderOf } from './label-means.ts'
import { besideEachOther, scoreRows } from './row-scores.ts'
import { blockUnits, meanOf, poolUnits, rowUnits, type Units, unitSampler } from './units.ts'

/** A window, and what the classifier said of it. */
export type AppearanceWindow = {
  /** rows × columnCount of the reference. */
  readonly values: Float32Array
  readonly outputs: RowTable
  /** Predicted class of each row. */
  readonly predicted: ArrayLike<number>
  readonly blocks?: Uint32Array | undefined
}

export type AppearanceTestOptions = {
  /** Predicted class by label on the reference. */
  readonly confusion: Matrix
  /** Default 999. */
  readonly permutations?: number
  readonly random: Random
}

/** What the test says. */
export type AppearanceTestResult = {
  /** Null where the classifier's outputs don't tell the labels apart. */
  readonly pValue: number | null
  /** The most likely mix of labels. */
  readonly shares: Float64Array
  /** How many reference rows of equal weight stand for that mix. */
  readonly effective: number
  /**
   * How many times wider an unknown mix makes the scores' means scatter than a known one would, at the median; what
   * changes within labels by less is not seen.
   */
  readonly inflation: number
}

/**
 * Tests whether the window could be the reference with another mix of labels: any mix, also under a classifier that
 * errs. Each score is compared in what remains of its mean when the mix that the classifier's outputs tell is taken
 * away; the null are windows drawn from the reference (and the window itself) weighted to the most likely mix, against
 * redrawn references, so that the errors of both estimates are in it.
 */
export function appearanceShiftTest(
  prepared: LabelledReference,
  window: AppearanceWindow,
  { confusion, permutations = 999, random }: AppearanceTestOptions,
): AppearanceTestResult {
  const shares = mostLikelyLabelShares(confusion, window.predicted)
  const own = windowUnits(prepared, window)
  const known = referenceUnits(prepared, prepared.table, shares)
  const share = own.effective / (own.effective + known.effective)
  const draw = unitSampler(poolUnits(known, own, share), random)
  const { parts } = prepared
  const observed = remainderOf(meanOf(own), prepared, new Uint32Array(parts.count).fill(1))
  const result = { shares, effective: known.effective }
  if (observed === null) return { ...result, pValue: null, inflation: Infinity }
  const times = new Uint32Array(parts.count)
  const draws: Float32Array[] = []
  for (let b = 0; b < permutations; b++) {
    times.fill(0)
    for (let i = 0; i < parts.count; i++) times[random.integer(parts.count)]++
    const remainder = remainderOf(draw(own.count), prepared, times)
    if (remainder === null) return { ...result, pValue: null, inflation: Infinity }
    // The window's own rows are among those drawn: so is this part of what it differs by.
    draws.push(Float32Array.from(remainder, (one, s) => one - share * observed[s]))
  }
  const spread = spreadOf(draws)
  return {
    ...result,
    pValue: pValueOf(prepared, [observed, ...draws], spread),
    inflation: inflationOf(spread, knownSpread(prepared, shares, own)),
  }
}

function windowUnits(prepared: LabelledReference, window: AppearanceWindow): Units {
  const { reference, layout, discriminants } = prepared
  const table = besideEachOther(
    scoreRows(reference, layout, window.values),
    projectRows(window.outputs, discriminants),
  )
  const weights = new Float64Array(window.predicted.length).fill(1)
  return prepared.blocks === null || window.blocks === undefined
    ? rowUnits(table, weights)
    : blockUnits(table, weights, window.blocks)
}

function referenceUnits(
  { labels, blocks }: LabelledReference,
  table: RowTable,
  shares: Float64Array,
): Units {
  const weights = labelWeights(labels, shares)
  return blocks === null ? rowUnits(table, weights) : blockUnits(table, weights, blocks)
}

/** Root mean square of every score over the draws. */
function spreadOf(draws: readonly Float32Array[]): Float64Array {
  const squares = new Float64Array(draws[0].length)
  for (const draw of draws) {
    draw.forEach((one, s) => {
      squares[s] += one * one
    })
  }
  return squares.map((sum) => Math.sqrt(sum / draws.length))
}

/** Draw 0 is the observed one. */
function pValueOf(
  { groups, layout }: LabelledReference,
  draws: readonly ArrayLike<number>[],
  spread: Float64Array,
): number {
  const statisticOf = statisticsOfScores(layout.scored)
  const statistics = layout.statistics.map(() => new Float32Array(draws.length))
  const channels = layout.groupOfChannel.map(() => new Float32Array(draws.length))
  draws.forEach((draw, b) => {
    for (let s = 0; s < spread.length; s++) {
      const own = statistics[statisticOf[s]]
      if (spread[s] > 0) own[b] = Math.max(own[b], Math.abs(draw[s]) / spread[s])
    }
    layout.statistics.forEach(({ channel }, k) => {
      channels[channel][b] = Math.max(channels[channel][b], statistics[k][b])
    })
  })
  const test = {
    groups,
    layout,
    null: windowNull(layout, { channels, statistics }),
    isDrawn: true,
  }
  return pValuesOf(
    test,
    statistics.map((own) => own[0]),
  ).pValue
}

/** Scatter of the scores' means if every row's label were known: by their deviations from the means of their labels. */
function knownSpread(prepared: LabelledReference, shares: Float64Array, own: Units): Float64Array {
  const deviations = { width: prepared.table.width, values: deviationsFromLabels(prepared) }
  const units = referenceUnits(prepared, deviations, shares)
  const squares = new Float64Array(prepared.scoreCount)
  let weight = 0
  for (let unit = 0; unit < units.count; unit++) {
    weight += units.chances[unit] * units.weights[unit]
    for (let s = 0; s < squares.length; s++) {
      squares[s] += units.chances[unit] * units.sums[unit * units.width + s] ** 2
    }
  }
  const size = 1 / own.count + 1 / units.effective
  return squares.map((square) => Math.sqrt(square * size) / weight)
}

function inflationOf(spread: Float64Array, known: Float64Array): number {
  const ratios = [...spread].flatMap((one, s) => (known[s] > 0 ? [one / known[s]] : []))
  return ratios.length === 0 ? Infinity : ratios.toSorted((a, b) => a - b)[ratios.length >>> 1]
}
