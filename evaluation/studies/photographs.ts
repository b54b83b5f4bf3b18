import { missingCifar10 } from '../data/cifar10.ts'
import { photographsTables } from '../fitted/page/photographs-tables.ts'
import {
  changedCells,
  cleanCell,
  outcomeOf,
  type PhotographCell,
  runPhotographs,
} from '../fitted/photograph-cells.ts'
import { falseAlarmsAndPower } from '../fitted/summary.ts'
import { defineStudy } from '../harness/study.ts'

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
  cells: ({ fitted, seeds, ...counts }): PhotographCell[] =>
    fitted.flatMap((images, first) =>
      seeds.flatMap((seed, own) => {
        const of = { data: 'cifar10', fitted: images, seed } as const
        return [
          ...changedCells(of, counts, first + own === 0),
          ...Array.from({ length: counts.references }, (_, index) => index)
            .filter((index) => index % seeds.length === own)
            .map((index) => cleanCell(of, { index, ...counts })),
        ]
      }),
    ),
  run: async (cell: PhotographCell, context) => runPhotographs(cell, context),
  summarise: (outcomes) =>
    falseAlarmsAndPower(outcomes.map(({ cell, result }) => outcomeOf(cell, result))),
  tables: photographsTables,
})
