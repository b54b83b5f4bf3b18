import { missingCifar10 } from '../data/cifar10.ts'
import { CLEAN, DIGIT_CHANGES, VISIBLE_CHANGES } from '../fitted/changes.ts'
import { DATA, type DataName } from '../fitted/fitted-subject.ts'
import { defaultUserTables } from '../fitted/page/default-user-tables.ts'
import {
  type BatchPValues,
  changedBatches,
  cleanBatches,
  type Draws,
} from '../fitted/run-batches.ts'
import { drawsOf, SHARES } from '../fitted/plan-draws.ts'
import { falseAlarmsAndPower, type FittedOutcome, heldOut } from '../fitted/summary.ts'
import { defineStudy } from '../harness/study.ts'

/** A detector and a change, or for false alarms a redrawn reference. */
type Cell = {
  readonly data: DataName
  readonly fitted: number
  readonly seed: number
  readonly change: string
  readonly index?: number
  readonly draws: readonly Draws[]
}

/** Large batches are tested in half a second each; there are fewer of them. */
const MOST_IMAGES = 6000

/** What someone gets who fits and checks and sets nothing. */
export const study = defineStudy({
  title: 'What a default user has',
  description:
    'Detectors fitted with every setting left alone, no classifier, alarm level .01: false alarms on clean batches and power on changed ones, beside two simpler rules on the same batches.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    data: {
      kind: 'choices',
      choices: DATA,
      default: DATA,
      quick: ['mnist'],
      description: 'digits, photographs',
    },
    fitted: {
      kind: 'integers',
      default: [30_000, 3000],
      quick: [1000],
      description: 'images handed to fit; three tenths of them are the reference',
    },
    seeds: { kind: 'integers', default: [0, 1], quick: [0], description: 'one detector each' },
    sizes: {
      kind: 'integers',
      default: [10, 100, 1000],
      quick: [10, 100],
      description: 'images in a batch',
    },
    draws: {
      kind: 'integer',
      default: 20,
      quick: 3,
      description: 'batches per change, share and size',
    },
    references: {
      kind: 'integer',
      default: 8,
      quick: 2,
      description: 'drawn anew from unseen images, for false alarms',
    },
    clean: { kind: 'integer', default: 50, quick: 5, description: 'clean batches per reference' },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, fitted, seeds, sizes, draws, references, clean }): Cell[] => {
    const power = SHARES.flatMap((share) =>
      drawsOf(sizes, { share, most: draws, images: MOST_IMAGES }),
    )
    const alarms = drawsOf(sizes, { share: 0, most: clean, images: MOST_IMAGES })
    return data.flatMap((name) =>
      fitted.flatMap((count) =>
        seeds.flatMap((seed, own) => [
          ...changesOf(name).map(({ name: change }) => ({
            data: name,
            fitted: count,
            seed,
            change,
            draws: power,
          })),
          ...Array.from({ length: references }, (_, index) => index)
            .filter((index) => index % seeds.length === own)
            .map((index) => ({
              data: name,
              fitted: count,
              seed,
              change: CLEAN.name,
              index,
              draws: alarms,
            })),
        ]),
      ),
    )
  },
  run: async (cell: Cell, context): Promise<BatchPValues[]> => {
    const { change: name, index, ...request } = cell
    if (index !== undefined) return cleanBatches({ ...request, index }, context)
    const change = changesOf(cell.data).find((one) => one.name === name) ?? CLEAN
    return changedBatches(change, { ...request, form: 'as-is' }, context)
  },
  summarise: (outcomes) => {
    const told = outcomes.map(({ cell, result }): FittedOutcome => ({
      data: cell.data,
      reference: heldOut(cell.fitted),
      subject: `${cell.seed}-${cell.index ?? 'own'}`,
      change: cell.change,
      form: 'as-is',
      batches: result,
    }))
    return falseAlarmsAndPower(told)
  },
  tables: defaultUserTables,
})

function changesOf(data: DataName): typeof DIGIT_CHANGES {
  return data === 'mnist' ? DIGIT_CHANGES : VISIBLE_CHANGES
}
