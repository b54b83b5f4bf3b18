import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'
import { DATA, runCell } from '../tolerance/run-cell.ts'
import { summariseTolerance, toleranceTables } from '../tolerance/summary.ts'
import { TOLERANCES } from '../tolerance/tolerances.ts'

const NAMES = Object.keys(TOLERANCES)

/** Does a detector stay quiet at every mixture of what it tolerates, and what does it still see? */
export const study = defineStudy({
  title: 'Tolerated changes',
  description:
    'False alarms under mixtures of tolerated changes made by several tools, and power beyond the limits and for other kinds.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  tables: toleranceTables,
  options: {
    seeds: {
      kind: 'integers',
      default: [0],
      description: 'references per data set and tolerance, each with a detector of its own',
    },
    batches: {
      kind: 'integer',
      default: 10,
      quick: 2,
      description: 'per mixture, size and detector; a quarter of them above 200 images',
    },
    sizes: {
      kind: 'integers',
      default: [50, 200, 1000],
      quick: [50],
      description: 'images in a batch',
    },
    data: { kind: 'choices', choices: DATA, default: DATA, description: 'data sets.' },
    tolerances: {
      kind: 'choices',
      choices: NAMES,
      default: NAMES,
      quick: ['rotation'],
      description: 'what is tolerated.',
    },
  },
  skipReason: missingCifar10,
  cells: ({ seeds, batches, sizes, data, tolerances }) =>
    data.flatMap((one) =>
      tolerances.flatMap((tolerance) =>
        seeds.map((seed) => ({ data: one, tolerance, seed, sizes, batches })),
      ),
    ),
  run: (cell, { threads }) => runCell(cell, threads),
  summarise: (outcomes) => summariseTolerance(outcomes),
})
