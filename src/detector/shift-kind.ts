import type { FeatureGroup } from '../representations/index.ts'
import { holm, omnibusExact, type OmnibusReference } from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import type { DetectorManifest } from './manifest.ts'
import type { ShiftKind } from './verdict.ts'
import { testGroups } from './window-test.ts'

export type ShiftKindOptions = { readonly level: number; readonly seed: number }

/**
 * Tells a change of the mix of predicted classes (prior shift) from a change of what the images of a class look like:
 * one test of the class shares, one of all other features with rows exchanged within a predicted class only.
 * Needs a classifier; null without one. Adjusted by Holm over the two.
 */
export function findShiftKind(
  { columns, features }: Pick<DetectorManifest, 'columns' | 'features'>,
  { reference, window }: { readonly reference: OmnibusReference; readonly window: Float32Array },
  { level, seed }: ShiftKindOptions,
): ShiftKind | null {
  const predicted = columns.findIndex(({ group }) => group === 'prediction')
  if (predicted < 0) return null
  const only = (keep: (group: FeatureGroup) => boolean) =>
    testGroups(columns, features.filter(keep))
  const permutations = Math.max(999, Math.ceil(10 / level) - 1)
  const labels = testGroups(columns, ['prediction'])
  const mix = omnibusExact(reference, window, labels, { permutations, random: createRandom(seed) })
  const classOf = (values: Float32Array) =>
    Uint32Array.from(
      { length: values.length / columns.length },
      (_, row) => values[row * columns.length + predicted],
    )
  const appearance = omnibusExact(
    reference,
    window,
    only((group) => group !== 'prediction'),
    {
      permutations,
      random: createRandom(seed + 1),
      strata: { reference: classOf(reference.values), window: classOf(window) },
    },
  )
  const [priorPValue, appearancePValue] = holm([mix.pValue, appearance.pValue])
  return {
    kind: kindOf(priorPValue <= level, appearancePValue <= level),
    priorPValue,
    appearancePValue,
  }
}

function kindOf(prior: boolean, appearance: boolean): ShiftKind['kind'] {
  if (prior && appearance) return 'mixed'
  if (prior) return 'prior'
  return appearance ? 'appearance' : 'unclear'
}
