import type { Border } from '../../../images/index.ts'
import {
  type Allowances,
  ALLOWED_SCORES,
  meanOf,
  meanScores,
  type OmnibusGroup,
  prepareOmnibusReference,
  scoreDifferences,
  scoresOfColumn,
} from '../../../statistics/index.ts'
import { type Random, takeRows } from '../../../tensor/index.ts'
import { drawMixture, fitMixture, type MixtureModel } from '../../../judging/index.ts'

/** The same images untouched and under one change: rows × columns each. */
export type Probe = {
  readonly originals: Float32Array
  readonly changed: Float32Array
  /** What lies beyond the edge of moved images; nothing where none are moved. */
  readonly border: Border | undefined
}

/** What the nearest mixtures leave unexplained under changes that are tolerated. */
export type Unexplained = {
  /**
   * How far each score's mean stays from the nearest mixture under each change probed: in standard deviations within the
   * mixture, columns × (rank scores, raw value). What is left is neighbourhoods being wide, and what no two tools share.
   */
  readonly allowances: readonly Allowances[]
  /** Columns that mixtures are not fitted to: explained badly, they would spoil the fit for the others. */
  readonly unfitted: readonly number[]
  /**
   * Columns that are no evidence: too much of what tolerated changes do to them is left unexplained, or the rounding of
   * changed images alone moves them.
   */
  readonly untested: readonly number[]
}

/** Standard errors that a difference has to exceed before it counts as one that no mixture explains. */
const SURE = 2

/** The same of samples of other images, whose differences are those of chance: of so many scores and probes some are large. */
const SURE_OF_SAMPLES = 4

/** Images of a batch whose mixture is uncertain. */
const SMALL_BATCH = 50

/** Rows that stand for a mixture. */
const SAMPLED = 2000

/** A column explained so well, in standard deviations, spoils nothing. */
const EXPLAINED = 0.25

/** A column that must be spared more than this, in standard deviations, is no evidence. */
const SPARED = 0.45

/** With more of the columns left out, too little would be fitted for the rest to be explained. */
const MOST_UNFITTED = 0.2

/** Columns taken out together, of all. */
const UNFITTED_AT_ONCE = 0.05

/** More than this many standard deviations are as many as any. */
const MOST = 100

/**
 * Finds what mixtures leave unexplained. The columns explained worst are taken out of the fit first, until all that
 * remain are explained. Small differences are found image by image against the originals, differences of shape in the
 * ranks that a test would use.
 */
export function measureUnexplained(
  model: MixtureModel,
  probes: readonly Probe[],
  { groups, random }: { readonly groups: readonly OmnibusGroup[]; readonly random: Random },
): Unexplained {
  const measured = probes.map((probe) => measureProbe(model, probe))
  const unfitted = new Set<number>()
  let explained = explainProbes(model, measured, unfitted)
  const count = groups.reduce((sum, { columns }) => sum + columns.length, 0)
  for (let worst = worstOf(usualOf(measured, explained.allowances), unfitted); worst.length > 0;) {
    if (unfitted.size >= MOST_UNFITTED * count) break
    for (const column of worst.slice(0, Math.ceil(UNFITTED_AT_ONCE * count))) unfitted.add(column)
    explained = explainProbes(model, measured, unfitted)
    worst = worstOf(usualOf(measured, explained.allowances), unfitted)
  }
  const allowances = explained.allowances.map((own, i) => {
    raise(own, testedDifferences(model, probes[i].changed, { unfitted, groups, random }))
    return own
  })
  const untested = Array.from(explained.roundings.keys()).filter(
    (column) =>
      secondLargest(allowances.map((own) => largestOf(own, column))) > SPARED ||
      explained.roundings[column] > EXPLAINED,
  )
  return { allowances, unfitted: [...unfitted], untested }
}

type Explained = {
  /** One for each probe. */
  readonly allowances: readonly Allowances[]
  /** How far each column is moved at most by rounding alone, in standard deviations within the mixture. */
  readonly roundings: Float32Array
}

function explainProbes(
  model: MixtureModel,
  probes: readonly MeasuredProbe[],
  unfitted: ReadonlySet<number>,
): Explained {
  const { columnCount } = model.scale.base
  const roundings = new Float32Array(columnCount)
  const allowances = probes.map(({ target, errors }, probe) => {
    // Probes come in pairs, rounded and not.
    const other = probes[probe ^ 1].target
    const own = new Float32Array(columnCount * ALLOWED_SCORES)
    const { residual, deviations } = fitMixture(model, { target, unfitted })
    model.places.forEach((place, j) => {
      if (place < 0 || deviations[j] === 0) return
      const inUnits = (difference: number) => Math.min(MOST, difference / deviations[j])
      const column = model.columns[j]
      const left = inUnits(Math.abs(residual[j]) - SURE * errors[j])
      roundings[column] = Math.max(roundings[column], inUnits(Math.abs(target[j] - other[j])))
      own[place] = Math.max(0, left)
    })
    return own
  })
  return { allowances, roundings }
}

/** The columns explained worst, the worst first, down to half as badly; none where all that are fitted are explained. */
function worstOf(usual: readonly number[], unfitted: ReadonlySet<number>): number[] {
  const left = usual.map((one, column) => (unfitted.has(column) ? 0 : one))
  const least = Math.max(EXPLAINED, Math.max(...left) / 2)
  return left
    .flatMap((one, column) => (one > least ? [column] : []))
    .toSorted((a, b) => left[b] - left[a])
}

/**
 * What is left of each column whatever lies beyond the edge: the least, over the borders, of the second largest of its
 * probes. A border that moves everything, as black does on photographs, is no reason to leave all features out.
 */
function usualOf(probes: readonly MeasuredProbe[], allowances: readonly Allowances[]): number[] {
  const borders = [...Map.groupBy(allowances.keys(), (i) => probes[i].border).values()]
  return Array.from({ length: allowances[0].length / ALLOWED_SCORES }, (_, column) =>
    Math.min(
      ...borders.map((own) => secondLargest(own.map((i) => largestOf(allowances[i], column)))),
    ),
  )
}

/** One probe alone may be a whim of chance. */
function secondLargest(values: readonly number[]): number {
  const falling = values.toSorted((a, b) => b - a)
  return falling[Math.min(1, falling.length - 1)]
}

function largestOf(allowances: Allowances, column: number): number {
  return Math.max(...allowances.subarray(column * ALLOWED_SCORES, (column + 1) * ALLOWED_SCORES))
}

/**
 * Differences that a test would see beyond chance between changed images and the mixtures fitted to a few of them: where
 * a score says precisely how much images were changed, as the darkest pixel does, mixtures fitted to a batch don't.
 */
function testedDifferences(
  model: MixtureModel,
  changed: Float32Array,
  of: {
    readonly unfitted: ReadonlySet<number>
    readonly groups: readonly OmnibusGroup[]
    readonly random: Random
  },
): Float32Array {
  const { unfitted, groups, random } = of
  const width = model.reference.columnCount
  const rows = changed.length / width
  const all = { shape: [rows, width], data: changed }
  const few = takeRows(all, random.sample(rows, Math.min(rows, SMALL_BATCH))).data
  const { shares } = fitMixture(model, { target: meanScores(model.scale, few), unfitted })
  const { values } = drawMixture(model, shares, { random, limit: SAMPLED })
  const chance = SURE_OF_SAMPLES * Math.sqrt(1 / rows + width / values.length)
  const differences = scoreDifferences(prepareOmnibusReference(values, width), changed, groups)
  return differences.map((difference) => (difference > chance ? difference : 0))
}

function raise(values: Float32Array, least: Float32Array): void {
  least.forEach((one, i) => {
    if (one > values[i]) values[i] = one
  })
}

type MeasuredProbe = {
  /** Mean scores of the reference under the change: each image's change is measured against itself. */
  readonly target: Float64Array
  /** Standard errors of these means. */
  readonly errors: Float64Array
  readonly border: Border | undefined
}

function measureProbe({ scale, means }: MixtureModel, probe: Probe): MeasuredProbe {
  const changes = scale.columns.flatMap((column) => {
    const originals = scoresOfColumn(scale, column, probe.originals)
    return scoresOfColumn(scale, column, probe.changed).map((changed, s) =>
      changed.map((score, row) => score - originals[s][row]),
    )
  })
  return {
    target: Float64Array.from(changes, (change, j) => means[j] + meanOf(change)),
    errors: Float64Array.from(changes, standardError),
    border: probe.border,
  }
}

function standardError(values: Float32Array): number {
  const mean = meanOf(values)
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  return Math.sqrt(squares) / values.length
}
