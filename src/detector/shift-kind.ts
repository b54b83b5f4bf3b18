import {
  classifyShift,
  holm,
  labelShiftTest,
  omnibusExact,
  type OmnibusReference,
  type RowLabels,
} from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import type { DetectorManifest } from './manifest.ts'
import type { ShiftKind } from './verdict.ts'
import { drawsFor, testGroups } from './window-test.ts'

export type ShiftKindOptions = {
  readonly level: number
  readonly seed: number
  /** Block of each row, where rows depend on each other. */
  readonly blocks?: RowLabels | undefined
}

/**
 * Tells a change of the mix of predicted classes (prior shift) from a change of what the images of a class look like:
 * one test of the class shares, one of all other features with rows exchanged within a predicted class only.
 * Needs predicted classes: a classifier, or its outputs given beside the images; null without them. Adjusted by Holm over the two.
 */
export function findShiftKind(
  { columns, features }: Pick<DetectorManifest, 'columns' | 'features'>,
  { reference, window }: { readonly reference: OmnibusReference; readonly window: Float32Array },
  { level, seed, blocks }: ShiftKindOptions,
): ShiftKind | null {
  const predicted = columns.findIndex(({ group }) => group === 'prediction')
  if (predicted < 0) return null
  const permutations = drawsFor(level)
  const classesOf = (values: Float32Array) =>
    Uint32Array.from(
      { length: values.length / columns.length },
      (_, row) => values[row * columns.length + predicted],
    )
  const classes = { reference: classesOf(reference.values), window: classesOf(window) }
  const label = labelShiftTest(classes.reference, classes.window, {
    permutations,
    random: createRandom(seed),
    blocks,
  })
  const others = features.filter((group) => group !== 'prediction')
  const { pValue: conditional } = omnibusExact(reference, window, testGroups(columns, others), {
    permutations,
    random: createRandom(seed + 1),
    strata: classes,
    blocks,
  })
  const [priorPValue, appearancePValue] = holm([label, conditional])
  const kind = classifyShift({ label, conditional }, level)
  return { kind: kind === 'none' ? 'unclear' : kind, priorPValue, appearancePValue }
}
