import {
  appearanceShiftTest,
  confusionMatrix,
  type LabelledReference,
  type OmnibusReference,
  prepareLabelledReference,
} from '../statistics/index.ts'
import { createRandom } from '../tensor/index.ts'
import type { UnclearBecause } from '../verdict/index.ts'
import { type ClassOutputs, outputTable, pickRows } from './class-outputs.ts'
import { NO_LABEL } from './reference-labels.ts'
import type { AppearanceAnswer, ShiftQuestion } from './shift-question.ts'

/** Fewer labelled reference images say too little of what the classifier confuses. */
const FEWEST_LABELLED = 100
/** Labels of fewer images are taken together. */
const FEWEST_OF_LABEL = 10
/** Beyond this many classes the reference is too thin to say what each looks like. */
const MOST_CLASSES = 128
/** Where fewer reference images of equal weight stand for the batch's mix, what they look like is not known well enough. */
const FEWEST_EFFECTIVE = 30
/** How many times wider than with known labels the features may scatter for the answer "as before" to mean something. */
const MOST_INFLATION = 3

/** Labelled reference rows, ready for many windows; null where they are too few or their classes too many. */
export type LabelKnowledge = {
  readonly prepared: LabelledReference
  readonly classes: number
  readonly rows: Uint32Array
  readonly outputs: ClassOutputs
}

/** What labels of the reference tell of the classifier's errors, or why they tell nothing. */
export function learnFromLabels(
  reference: OmnibusReference,
  {
    groups,
    codes,
    outputs,
    blocks,
    seed,
  }: Pick<ShiftQuestion, 'groups' | 'seed'> & {
    readonly codes: Uint16Array
    readonly outputs: ClassOutputs
    readonly blocks?: ArrayLike<number> | undefined
  },
): LabelKnowledge | UnclearBecause {
  const known = groupRareLabels(codes.subarray(0, reference.rows))
  if (known.rows.length < FEWEST_LABELLED) return { code: 'few-labels' }
  if (known.labelCount < 2) return { code: 'one-label' }
  const own = pickRows(outputs, known.rows)
  const classes = 1 + outputs.predicted.reduce((a, b) => Math.max(a, b), 0)
  const told = Math.max(classes, known.labelCount)
  if (told > MOST_CLASSES) return { code: 'many-classes', classes: told }
  const prepared = prepareLabelledReference(reference, groups, {
    ...known,
    outputs: outputTable(own, classes),
    blocks: blocks && Uint32Array.from(known.rows, (row) => blocks[row]),
    random: createRandom(seed),
  })
  return { prepared, classes, rows: known.rows, outputs: own }
}

type GroupedLabels = {
  readonly rows: Uint32Array
  readonly labels: Uint32Array
  readonly labelCount: number
}

/** Labels numbered anew without gaps, rare ones as one; rows without any left out. */
function groupRareLabels(codes: Uint16Array): GroupedLabels {
  const counts = new Map<number, number>()
  for (const code of codes) if (code !== NO_LABEL) counts.set(code, (counts.get(code) ?? 0) + 1)
  const common = [...counts].flatMap(([code, count]) => (count >= FEWEST_OF_LABEL ? [code] : []))
  const numbers = new Map(common.toSorted((a, b) => a - b).map((code, i) => [code, i]))
  const rare = codes.filter((code) => code !== NO_LABEL && !numbers.has(code)).length
  const keepsRare = rare >= FEWEST_OF_LABEL
  const rows: number[] = []
  const labels: number[] = []
  codes.forEach((code, row) => {
    if (code === NO_LABEL) return
    const label = numbers.get(code) ?? (keepsRare ? numbers.size : undefined)
    if (label === undefined) return
    rows.push(row)
    labels.push(label)
  })
  return {
    rows: Uint32Array.from(rows),
    labels: Uint32Array.from(labels),
    labelCount: numbers.size + (keepsRare ? 1 : 0),
  }
}

/** Whether the images of a class look different, whatever the mix and the classifier's errors. */
export function askWithLabels(
  { prepared, classes, outputs }: LabelKnowledge,
  { window, windowOutputs, windowBlocks, permutations, seed, level }: ShiftQuestion,
): AppearanceAnswer {
  const { labels, labelCount } = prepared
  const result = appearanceShiftTest(
    prepared,
    {
      values: window,
      predicted: windowOutputs.predicted,
      outputs: outputTable(windowOutputs, classes),
      blocks: windowBlocks,
    },
    {
      confusion: confusionMatrix(outputs.predicted, labels, [classes, labelCount]),
      permutations,
      random: createRandom(seed),
    },
  )
  const { pValue, effective, inflation } = result
  if (pValue === null) return { unknown: { code: 'classes-confused' } }
  if (effective < FEWEST_EFFECTIVE) {
    return { unknown: { code: 'few-of-classes' } }
  }
  const isWeak = inflation > MOST_INFLATION
  return pValue > level && isWeak ? { unknown: { code: 'classifier-errs' } } : { pValue }
}
