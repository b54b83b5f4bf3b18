import type { Tensor } from '../../tensor/index.ts'
import { tableOf } from '../feature-table.ts'
import type { FeatureColumn, FeatureTable } from '../representation.ts'

/** `logits`: any real numbers, softmax makes them probabilities. */
export type ClassifierOutputKind = 'logits' | 'probabilities'

/** With more classes than this, only the summaries and the predicted class are kept. */
const maximumClassColumns = 64

/** Smallest probability whose logarithm is taken. */
const smallestProbability = 1e-7

export type ClassifierTableOptions = {
  /** Default: probabilities when every row is in [0, 1] and sums to 1. */
  readonly kind?: ClassifierOutputKind
  /** One per class, for titles; default their numbers from 0. */
  readonly classNames?: readonly string[]
}

/** The columns of N×K classifier outputs, wherever they were computed; one output means two classes. */
export function classifierTable(
  outputs: Tensor,
  options: ClassifierTableOptions = {},
): FeatureTable {
  const kind = options.kind ?? detectOutputKind(outputs)
  const { shape, data } = withTwoClasses(outputs, kind)
  const [rows, classes] = shape
  const columns = classifierColumns(classes, kind, options.classNames)
  const values = new Float32Array(rows * columns.length)
  for (let row = 0; row < rows; row++) {
    const scores = data.subarray(row * classes, (row + 1) * classes)
    writeRow(scores, kind, values.subarray(row * columns.length, (row + 1) * columns.length))
  }
  return tableOf(columns, values)
}

/** Probabilities when every row is in [0, 1] and sums to 1 (a single output: when it is in [0, 1]). */
export function detectOutputKind({ shape, data }: Tensor): ClassifierOutputKind {
  const [rows, classes] = shape
  for (let row = 0; row < rows; row++) {
    let sum = 0
    for (let k = row * classes; k < (row + 1) * classes; k++) {
      if (!(data[k] >= 0 && data[k] <= 1 + 1e-4)) return 'logits'
      sum += data[k]
    }
    if (classes > 1 && Math.abs(sum - 1) > 1e-3) return 'logits'
  }
  return 'probabilities'
}

/** Column descriptions for `classes` classes. */
export function classifierColumns(
  classes: number,
  kind: ClassifierOutputKind,
  classNames: readonly string[] = [],
): FeatureColumn[] {
  const one = (name: string, title: string): FeatureColumn => ({ name, group: 'classifier', title })
  const [prefix, word] =
    kind === 'logits'
      ? ['logit', 'evidence for class']
      : ['log-probability', 'log-probability of class']
  const shown = classes <= maximumClassColumns ? classes : 0
  return [
    ...Array.from({ length: shown }, (_, k) =>
      one(`${prefix}-${k}`, `${word} ${classNames[k] ?? k}`),
    ),
    one('classifier-confidence', 'confidence of the classifier (largest probability)'),
    one('classifier-entropy', 'uncertainty of the classifier (entropy of its probabilities)'),
    ...(kind === 'logits'
      ? [one('classifier-energy', 'total evidence of the classifier (log-sum-exp of its logits)')]
      : []),
    { name: 'predicted-class', group: 'prediction', title: 'predicted class' },
  ]
}

/** The same columns with the classes' names in their titles. */
export function nameColumns(
  columns: readonly FeatureColumn[],
  classNames: readonly string[] | undefined,
): FeatureColumn[] {
  if (classNames === undefined) return [...columns]
  const named = (['logits', 'probabilities'] as const).flatMap((kind) =>
    classifierColumns(classNames.length, kind, classNames),
  )
  const titles = new Map(named.map(({ name, title }) => [name, title]))
  return columns.map((column) =>
    column.group === 'classifier'
      ? { ...column, title: titles.get(column.name) ?? column.title }
      : column,
  )
}

/** Adds the second class of a binary classifier with one output: z and 0, or p and 1 − p, as class 1 and 0. */
function withTwoClasses(outputs: Tensor, kind: ClassifierOutputKind): Tensor {
  const [rows, classes] = outputs.shape
  if (outputs.shape.length !== 2) {
    throw new RangeError(`expected outputs of shape [N, K], got [${outputs.shape.join(', ')}]`)
  }
  if (classes > 1) return outputs
  const data = new Float32Array(2 * rows)
  outputs.data.forEach((value, row) => {
    data[2 * row] = kind === 'logits' ? 0 : 1 - value
    data[2 * row + 1] = value
  })
  return { shape: [rows, 2], data }
}

function writeRow(scores: Float32Array, kind: ClassifierOutputKind, out: Float32Array): void {
  const energy = kind === 'logits' ? logSumExp(scores) : 0
  let entropy = 0
  let best = 0
  let at = 0
  const shown = scores.length <= maximumClassColumns
  for (let k = 0; k < scores.length; k++) {
    const logProbability =
      kind === 'logits' ? scores[k] - energy : Math.log(Math.max(smallestProbability, scores[k]))
    entropy -= Math.exp(logProbability) * logProbability
    if (scores[k] > scores[best]) best = k
    if (shown) out[at++] = kind === 'logits' ? scores[k] : logProbability
  }
  out[at++] = kind === 'logits' ? Math.exp(scores[best] - energy) : scores[best]
  out[at++] = entropy
  if (kind === 'logits') out[at++] = energy
  out[at] = best
}

function logSumExp(scores: Float32Array): number {
  const largest = scores.reduce((most, score) => Math.max(most, score), -Infinity)
  const sum = scores.reduce((total, score) => total + Math.exp(score - largest), 0)
  return largest + Math.log(sum)
}
