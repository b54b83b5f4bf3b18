import { missingCifar10 } from '../data/cifar10.ts'
import { DATA_OPTION } from '../fitted/fitted-subject.ts'
import { defineStudy } from '../harness/study.ts'
import { FAMILY_NAMES } from '../witness-power/families.ts'
import { type FamilyOutcome, type FamilyRequest, runFamily } from '../witness-power/run-family.ts'
import { summariseWitness, witnessTables } from '../witness-power/summary.ts'

/** Does the witness help with changes of kinds that it was not taught? */
export const study = defineStudy({
  title: 'The witness, on kinds of change that it was not taught',
  description:
    'One family of graded changes after the other is left out of what the witness of a detector is taught; batches and streams that are changed in the ways of that family, mildly, are then judged without a witness, with that one, and with one that was taught the family too. A detector with every setting left alone.',
  revision: 1,
  dependsOn: ['features', 'tests', 'streams'],
  options: {
    data: DATA_OPTION,
    fitted: {
      kind: 'integer',
      default: 20_000,
      quick: 1000,
      description: 'images handed to fit; three tenths of them are the reference',
    },
    seed: { kind: 'integer', default: 0, description: 'of all that is fitted and drawn' },
    size: { kind: 'integer', default: 100, quick: 20, description: 'images in a batch' },
    batches: {
      kind: 'integer',
      default: 10,
      quick: 2,
      description: 'of each change, share and witness',
    },
    runs: {
      kind: 'integer',
      default: 20,
      quick: 2,
      description: 'streams of each change, share and witness',
    },
    falseAlarmEvery: {
      kind: 'integer',
      default: 100_000,
      quick: 1000,
      description: 'images from one false alarm of a stream to the next',
    },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, ...rest }): FamilyRequest[] =>
    data.flatMap((name) =>
      FAMILY_NAMES.filter((family) => name !== 'mnist' || family !== 'colour').map((family) =>
        Object.assign({ data: name, family }, rest),
      ),
    ),
  run: async (cell: FamilyRequest, context): Promise<FamilyOutcome[]> => runFamily(cell, context),
  summarise: (outcomes) =>
    summariseWitness(
      outcomes.map(({ cell, result }) => ({
        data: cell.data,
        family: cell.family,
        batches: cell.batches,
        outcomes: result,
      })),
    ),
  tables: witnessTables,
})
