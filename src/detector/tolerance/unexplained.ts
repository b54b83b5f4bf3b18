import {
  ALLOWED_SCORES,
  type Allowances,
  meanOf,
  type OmnibusGroup,
  prepareOmnibusReference,
  scoreColumn,
  scoreDifferences,
} from '../../statistics/index.ts'
import type { Random } from '../../tensor/index.ts'
import { drawMixture } from './draw-mixture.ts'
import { fitMixture, type MixtureModel } from './mixtures.ts'

/** The same images untouched and under one change: rows × columns each. */
export type Probe = { readonly originals: Float32Array; readonly changed: Float32Array }

/** Standard errors that a difference has to exceed before it counts as one that no mixture explains. */
const SURE = 2

/** Rows that stand for a mixture. */
const SAMPLED = 2000

/** Rounds in which what the round before left unexplained counts less. */
const ROUNDS = 2

/** More than this many standard deviations are as many as any. */
const MOST = 100

/**
 * How far each score's mean stays from the nearest mixture under the changes probed, at most: in standard deviations
 * within the mixture, columns × (rank scores, raw value). What is left is neighbourhoods being wide, and what no two
 * tools share. Small differences are found image by image against the originals, differences of shape in the ranks
 * that a test would use.
 */
export function measureUnexplained(
  model: MixtureModel,
  probes: readonly Probe[],
  { groups, random }: { readonly groups: readonly OmnibusGroup[]; readonly random: Random },
): Allowances {
  const measured = probes.map((probe) => measureProbe(model, probe))
  let allowances: Allowances = new Float32Array(model.scale.base.columnCount * ALLOWED_SCORES)
  for (let round = 0; round < ROUNDS; round++) {
    const next = new Float32Array(allowances.length)
    for (const { target, errors, changed } of measured) {
      const mixture = fitMixture(model, target, allowances)
      const { residual, deviations } = mixture
      model.places.forEach((place, j) => {
        const sure = Math.abs(residual[j]) - SURE * errors[j]
        if (place < 0 || sure <= next[place] * deviations[j]) return
        next[place] = Math.min(MOST, sure / deviations[j])
      })
      const last = round === ROUNDS - 1
      if (last) raise(next, testedDifferences(model, mixture.shares, { changed, groups, random }))
    }
    allowances = next
  }
  return allowances
}

/** Differences that a test of the changed images would see beyond chance. */
function testedDifferences(
  model: MixtureModel,
  shares: Float64Array,
  of: {
    readonly changed: Float32Array
    readonly groups: readonly OmnibusGroup[]
    readonly random: Random
  },
): Float32Array {
  const width = model.reference.columnCount
  const { values } = drawMixture(model, shares, { random: of.random, limit: SAMPLED })
  const drawn = values.length / width
  const chance = SURE * Math.sqrt(width / of.changed.length + 1 / drawn)
  const differences = scoreDifferences(
    prepareOmnibusReference(values, width),
    of.changed,
    of.groups,
  )
  return differences.map((difference) => Math.max(0, difference - chance))
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
  readonly changed: Float32Array
}

function measureProbe({ scale, means }: MixtureModel, probe: Probe): MeasuredProbe {
  const changes = scale.columns.flatMap((column) => {
    const originals = scoreColumn(scale, column, probe.originals)
    return scoreColumn(scale, column, probe.changed).map((changed, s) =>
      changed.map((score, row) => score - originals[s][row]),
    )
  })
  return {
    target: Float64Array.from(changes, (change, j) => means[j] + meanOf(change)),
    errors: Float64Array.from(changes, standardError),
    changed: probe.changed,
  }
}

function standardError(values: Float32Array): number {
  const mean = meanOf(values)
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i] - mean) ** 2
  return Math.sqrt(squares) / values.length
}
