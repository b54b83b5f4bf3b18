import {
  meanScores,
  type OmnibusGroup,
  type OmnibusReference,
  prepareOmnibusReference,
} from '../../statistics/index.ts'
import { createRandom } from '../../tensor/index.ts'
import type { NearestComparisons } from '../comparison.ts'
import { drawMixture } from './draw-mixture.ts'
import { mixtureAllowances, type ProbedAllowances } from './mixture-allowances.ts'
import { createMixtureModel, fitMixture, type MixtureModel } from './mixtures.ts'
import type { TolerancePool } from './pool.ts'

/** More reference rows than this, and than this many for each of the batch, add little power but cost time. */
const FEWEST_ROWS = 2000
const ROWS_PER_IMAGE = 10

/** Finds the nearest mixtures for any batch, over all features and by the most conspicuous; what all batches share is prepared at the first. */
export function nearestComparisons(
  reference: OmnibusReference,
  of: {
    readonly pool: TolerancePool
    readonly groups: readonly OmnibusGroup[]
    /** What is spared to mixtures; nothing when left out. */
    readonly probed?: ProbedAllowances
    /** Columns that mixtures are not fitted to. */
    readonly unfitted?: readonly number[]
  },
): NearestComparisons {
  const { pool, groups, probed } = of
  const unfitted = new Set(of.unfitted)
  let model: MixtureModel | undefined
  return function* candidates(window, seed) {
    model ??= createMixtureModel(reference, pool, groups)
    const rows = window.length / reference.columnCount
    const target = meanScores(model.scale, window)
    for (const options of [{}, { largestOf: rows }]) {
      const { shares } = fitMixture(model, { target, unfitted }, options)
      const { values, originals } = drawMixture(model, shares, {
        random: createRandom(seed),
        limit: Math.max(FEWEST_ROWS, ROWS_PER_IMAGE * rows),
      })
      yield {
        prepared: prepareOmnibusReference(values, reference.columnCount),
        originals,
        allowances: probed && mixtureAllowances(model, shares, probed),
      }
    }
  }
}
