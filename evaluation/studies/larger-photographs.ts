import { missingPieces } from '../data/photograph-pieces.ts'
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

/** Images handed to fit, of as many pieces as there are. */
const FITTED = { 'pieces-64': 3000, 'pieces-128': 800 } as const

/** The slight changes of `photographs`, on larger pictures. */
export const study = defineStudy({
  title: 'Slight changes of larger photographs',
  description:
    'The changes of the study `photographs` on pieces of 64 and of 128 pixels, cut from photographs that desktops ship (`bash evaluation/data/fetch-photographs.sh`) and stored as JPEG 75, which saves them again as the reference was. Those of 128 pixels are compared at the working size of 64 that a detector has unless told otherwise.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    pieces: {
      kind: 'choices',
      choices: ['pieces-64', 'pieces-128'],
      default: ['pieces-64', 'pieces-128'],
      quick: ['pieces-64'],
      description: 'of 64 pixels, of 128 pixels',
    },
    seed: { kind: 'integer', default: 0, description: 'of the split and of all that is fitted' },
    sizes: {
      kind: 'integers',
      default: [20, 100, 300],
      quick: [20],
      description: 'images in a batch',
    },
    draws: {
      kind: 'integer',
      default: 20,
      quick: 2,
      description: 'batches per change, form, share and size',
    },
    references: {
      kind: 'integer',
      default: 5,
      quick: 1,
      description: 'drawn anew from unseen images, for false alarms',
    },
    clean: { kind: 'integer', default: 40, quick: 2, description: 'clean batches per reference' },
  },
  skipReason: missingPieces,
  cells: ({ pieces, seed, references, ...counts }): PhotographCell[] =>
    pieces.flatMap((data) => {
      const own = { data, fitted: FITTED[data], seed }
      return [
        ...changedCells(own, { ...counts, ablated: 0 }, false),
        ...Array.from({ length: references }, (_, index) => cleanCell(own, { index, ...counts })),
      ]
    }),
  run: async (cell: PhotographCell, context) => runPhotographs(cell, context),
  summarise: (outcomes) =>
    falseAlarmsAndPower(outcomes.map(({ cell, result }) => outcomeOf(cell, result))),
  tables: photographsTables,
})
