import { type FeatureColumn, isModelGroup } from '../measuring/values/index.ts'
import { momentsOf, squaredError } from './loss-comparison.ts'
import type { Confidence, GroupEvidence, Note } from '../verdict/index.ts'

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

/** Of a classifier’s outputs: that they don’t count, or that an alarm of theirs alone looks like memory. */
export function notesOnOutputs(evidence: OutputsEvidence): Note[] {
  const { trust, groups, level, isAlarm } = evidence
  const confidence = fallenConfidence(evidence)
  if (trust === 'none') return [{ code: 'outputs-untrusted', confidence }]
  const loud = groups.filter(({ pValue }) => pValue <= level)
  // Where the model is said to have seen nothing, the outlier score is of its outputs too.
  const isTheirs = ({ group }: GroupEvidence) =>
    isModelGroup(group) || (trust === 'stated' && group === 'outlier')
  const isTheirsAlone = loud.some(({ group }) => isModelGroup(group)) && loud.every(isTheirs)
  if (!isAlarm || !isTheirsAlone || confidence === null) return []
  return [{ code: 'outputs-alone', confidence }]
}

/** Standard errors from which on a difference of means is taken for one. */
const SURE = 3

/** Mean confidence on the held-out images and in the batch, where it surely fell. */
function fallenConfidence({ columns, reference, window }: OutputsEvidence): Confidence | null {
  const at = columns.findIndex(({ name }) => name === 'classifier-confidence')
  if (at < 0) return null
  const [from, to] = [reference, window].map((values) =>
    momentsOf(
      Array.from(
        { length: values.length / columns.length },
        (_, row) => values[row * columns.length + at],
      ),
    ),
  )
  const error = Math.sqrt(squaredError(from) + squaredError(to))
  const isFallen = error > 0 && to.mean - from.mean < -SURE * error
  return isFallen ? { reference: from.mean, batch: to.mean } : null
}
