import { type FeatureColumn, isModelGroup, type Moments } from '../measuring/values/index.ts'
import { momentsOf } from './loss-comparison.ts'
import type { GroupEvidence } from './verdict.ts'

/**
 * Whether the outputs of the user's model count. Of images it was trained on they are those of memory, and every batch
 * of new images differs from them: they count where the reference is of its own, or the user says that the model has
 * not seen it.
 */
export type OutputsTrust = 'separate-reference' | 'stated' | 'none'

/** What the notes are made from. */
export type OutputsEvidence = {
  readonly trust: OutputsTrust | undefined
  readonly columns: readonly FeatureColumn[]
  readonly reference: Float32Array
  readonly window: Float32Array
  readonly groups: readonly GroupEvidence[]
  /** The level groups are held against; none alarmed where the batch did not. */
  readonly level: number
  readonly isAlarm: boolean
}

/** What to say of a classifier’s outputs: that they don’t count, or that an alarm of theirs alone looks like memory. */
export function notesOnOutputs(evidence: OutputsEvidence): string[] {
  const { trust, groups, level, isAlarm } = evidence
  const change = confidenceChange(evidence)
  const less =
    change === undefined ? '' : `(mean confidence ${words(change.from)} → ${words(change.to)})`
  const isLess = change !== undefined && change.z < -SURE
  if (trust === 'none') {
    const more = isLess
      ? `; it is less sure here than on the held-out images ${less}, as a classifier is that was trained on those`
      : ''
    return [
      `the classifier’s outputs do not count: it may have been trained on the reference images${more}`,
    ]
  }
  const loud = groups.filter(({ pValue }) => pValue <= level)
  // Where the model is said to have seen nothing, the outlier score is of its outputs too.
  const isTheirs = ({ group }: GroupEvidence) =>
    isModelGroup(group) || (trust === 'stated' && group === 'outlier')
  const isTheirsAlone = loud.some(({ group }) => isModelGroup(group)) && loud.every(isTheirs)
  if (!isAlarm || !isTheirsAlone || !isLess) return []
  return [
    `only the classifier’s outputs changed, towards less sure ${less}: if it was trained on the reference images, this is memory and no drift`,
  ]
}

/** Standard errors from which on a difference of means is taken for one. */
const SURE = 3

/** Mean confidence on the held-out images and in the batch, and their difference in standard errors. */
function confidenceChange({ columns, reference, window }: OutputsEvidence) {
  const at = columns.findIndex(({ name }) => name === 'classifier-confidence')
  if (at < 0) return undefined
  const [from, to] = [reference, window].map((values) =>
    momentsOf(
      Array.from(
        { length: values.length / columns.length },
        (_, row) => values[row * columns.length + at],
      ),
    ),
  )
  const error = Math.sqrt(squaredError(from) + squaredError(to))
  return { from: from.mean, to: to.mean, z: error === 0 ? 0 : (to.mean - from.mean) / error }
}

function squaredError({ count, squares }: Moments): number {
  return count < 2 ? 0 : squares / (count - 1) / count
}

/** Three digits of what is missing to 1, so that 0.9996 doesn’t read 1. */
function words(confidence: number): string {
  return confidence > 0.999 ? 'over 0.999' : confidence.toFixed(3)
}
