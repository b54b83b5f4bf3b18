import {
  type Allowances,
  meanScores,
  type OmnibusGroup,
  type OmnibusReference,
  prepareOmnibusReference,
} from '../../statistics/index.ts'
import { createRandom } from '../../tensor/index.ts'
import type { NearestComparison } from '../comparison.ts'
import { drawMixture } from './draw-mixture.ts'
import { createMixtureModel, fitMixture, type MixtureModel } from './mixtures.ts'
import type { TolerancePool } from './pool.ts'

/** More reference rows than this, and than this many for each of the batch, add little power but cost time. */
const FEWEST_ROWS = 2000
const ROWS_PER_IMAGE = 10

/** Finds the nearest mixture for any batch; what all batches share is prepared at the first. */
export function nearestComparison(
  reference: OmnibusReference,
  of: {
    readonly pool: TolerancePool
    readonly groups: readonly OmnibusGroup[]
    readonly allowances?: Allowances
  },
): NearestComparison {
  const { pool, groups, allowances } = of
  let model: MixtureModel | undefined
  return (window, seed) => {
    model ??= createMixtureModel(reference, pool, groups)
    const rows = window.length / reference.columnCount
    const { shares } = fitMixture(model, meanScores(model.scale, window), allowances)
    const { values, originals } = drawMixture(model, shares, {
      random: createRandom(seed),
      limit: Math.max(FEWEST_ROWS, ROWS_PER_IMAGE * rows),
    })
    return {
      title: 'the reference under tolerated changes',
      prepared: prepareOmnibusReference(values, reference.columnCount),
      originals,
      ...(allowances && { allowances }),
    }
  }
}
