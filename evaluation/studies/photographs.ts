import { missingCifar10 } from '../data/cifar10.ts'
import { type Form, FORMS } from '../fitted/change.ts'
import { CLEAN } from '../fitted/changes.ts'
import { PHOTOGRAPH_CHANGES } from '../fitted/photograph-changes.ts'
import { photographsTables } from '../fitted/page/photographs-tables.ts'
import { ABLATIONS } from '../fitted/rules.ts'
import {
  type BatchPValues,
  changedBatches,
  cleanBatches,
  type Draws,
} from '../fitted/run-batches.ts'
import { drawsOf, SHARES } from '../fitted/plan-draws.ts'
import { falseAlarmsAndPower, type FittedOutcome, heldOut } from '../fitted/summary.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = {
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

/** Slight changes of photographs, most of them held out of every design decision. */
export const study = defineStudy({
  title: 'Slight changes of photographs',
  description:
    'Twenty-five slight changes of CIFAR-10 photographs that played no part in choosing features (eight of them always at one place of the frame): power of the product as it comes at level .01, what its parts add, and two simpler rules on the same batches; each change as it arrives, and saved again as JPEG 75, which the reference is.',
  revision: 2,
  dependsOn: ['features', 'tests'],
  options: {
    fitted: {
      kind: 'integers',
      default: [20_000, 2500],
      quick: [1000],
      description: 'images handed to fit; three tenths of them are the reference',
    },
    seeds: { kind: 'integers', default: [0, 1], quick: [0], description: 'one detector each' },
    sizes: {
      kind: 'integers',
      default: [20, 50, 100, 500],
      quick: [20, 100],
      description: 'images in a batch',
    },
    draws: {
      kind: 'integer',
      default: 20,
      quick: 2,
      description: 'batches per change, form, share and size',
    },
    ablated: {
      kind: 'integer',
      default: 10,
      quick: 2,
      description: 'of them for parts of the product, by the first detector',
    },
    references: {
      kind: 'integer',
      default: 8,
      quick: 2,
      description: 'drawn anew from unseen images, for false alarms',
    },
    clean: { kind: 'integer', default: 50, quick: 3, description: 'clean batches per reference' },
  },
  skipReason: missingCifar10,
  cells: ({ fitted, seeds, ...counts }): Cell[] =>
    fitted.flatMap((images, first) =>
      seeds.flatMap((seed, own) => [
        ...changedCells({ fitted: images, seed }, counts, first + own === 0),
        ...Array.from({ length: counts.references }, (_, index) => index)
          .filter((index) => index % seeds.length === own)
          .map((index) => cleanCell({ fitted: images, seed }, { index, ...counts })),
      ]),
    ),
  run: async (cell: Cell, context): Promise<BatchPValues[]> => {
    const { change: name, index, ...request } = cell
    const options = { data: 'cifar10', ...request } as const
    if (index !== undefined) return cleanBatches({ ...options, index }, context)
    const change = PHOTOGRAPH_CHANGES.find((one) => one.name === name) ?? CLEAN
    return changedBatches(change, options, context)
  },
  summarise: (outcomes) => {
    const told = outcomes.map(({ cell, result }): FittedOutcome => ({
      data: 'cifar10',
      reference: heldOut(cell.fitted),
      subject: `${cell.seed}-${cell.index ?? 'own'}`,
      change: cell.change,
      form: cell.form,
      batches: result,
    }))
    return falseAlarmsAndPower(told)
  },
  tables: photographsTables,
})

type Counts = {
  readonly sizes: readonly number[]
  readonly draws: number
  readonly ablated: number
  readonly clean: number
}

type Own = Pick<Cell, 'fitted' | 'seed'>

/** Every change in both forms; clean images saved again are among them, since that alone should be quiet. */
function changedCells(own: Own, { sizes, draws, ablated }: Counts, isAblated: boolean): Cell[] {
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

function cleanCell(
  own: Own,
  { index, sizes, clean }: Pick<Counts, 'sizes' | 'clean'> & { readonly index: number },
): Cell {
  return {
    ...own,
    change: CLEAN.name,
    form: 'as-is',
    index,
    draws: drawsOf(sizes, { share: 0, most: clean, images: MOST_IMAGES }),
  }
}
