import type { CellContext } from '../harness/study.ts'
import { type Form, FORMS } from './change.ts'
import { CLEAN } from './changes.ts'
import type { SubjectName } from './fitted-subject.ts'
import { PHOTOGRAPH_CHANGES } from './photograph-changes.ts'
import { drawsOf, SHARES } from './plan-draws.ts'
import { ABLATIONS } from './rules.ts'
import { type BatchPValues, changedBatches, cleanBatches, type Draws } from './run-batches.ts'
import { type FittedOutcome, heldOut } from './summary.ts'

/** One change in one form, or clean batches against one redrawn reference. */
export type PhotographCell = {
  readonly data: SubjectName
  readonly fitted: number
  readonly seed: number
  readonly change: string
  readonly form: Form
  /** Which redrawn reference, where false alarms are counted. */
  readonly index?: number
  readonly draws: readonly Draws[]
}

/** Parts of the product are taken away at this size, where most changes are neither always nor never found. */
const ABLATED = { size: 100, shares: [0.1, 0.5] } as const
const MOST_IMAGES = 3000

/** How much is drawn. */
export type PhotographCounts = {
  readonly sizes: readonly number[]
  readonly draws: number
  readonly ablated: number
  readonly clean: number
}

/** Which detector. */
export type PhotographOwn = Pick<PhotographCell, 'data' | 'fitted' | 'seed'>

/** Every change in both forms; clean images saved again are among them, since that alone should be quiet. */
export function changedCells(
  own: PhotographOwn,
  { sizes, draws, ablated }: PhotographCounts,
  isAblated: boolean,
): PhotographCell[] {
  const power = SHARES.flatMap((share) =>
    drawsOf(sizes, { share, most: draws, images: MOST_IMAGES }),
  )
  const parts = ABLATED.shares.map((share) => ({
    size: ABLATED.size,
    share,
    count: ablated,
    rules: ABLATIONS.map(({ name }) => name),
  }))
  const cells = FORMS.flatMap((form) =>
    PHOTOGRAPH_CHANGES.map(({ name: change }) =>
      Object.assign({ change, form, draws: isAblated ? [...power, ...parts] : power }, own),
    ),
  )
  const resaved = { ...own, change: CLEAN.name, form: 'saved-again' as const }
  return [
    ...cells,
    { ...resaved, draws: drawsOf(sizes, { share: 1, most: draws, images: MOST_IMAGES }) },
  ]
}

/** Clean batches against one redrawn reference. */
export function cleanCell(
  own: PhotographOwn,
  { index, sizes, clean }: Pick<PhotographCounts, 'sizes' | 'clean'> & { readonly index: number },
): PhotographCell {
  return {
    ...own,
    change: CLEAN.name,
    form: 'as-is',
    index,
    draws: drawsOf(sizes, { share: 0, most: clean, images: MOST_IMAGES }),
  }
}

/** p-values of a cell's batches. */
export async function runPhotographs(
  cell: PhotographCell,
  context: CellContext,
): Promise<BatchPValues[]> {
  const { change: name, index, ...request } = cell
  if (index !== undefined) return cleanBatches({ ...request, index }, context)
  const change = PHOTOGRAPH_CHANGES.find((one) => one.name === name) ?? CLEAN
  return changedBatches(change, request, context)
}

/** A cell and what it found, for `falseAlarmsAndPower`. */
export function outcomeOf(cell: PhotographCell, batches: readonly BatchPValues[]): FittedOutcome {
  const { data, fitted, seed, index = 'own', change, form } = cell
  return { data, reference: heldOut(fitted), subject: `${seed}-${index}`, change, form, batches }
}
