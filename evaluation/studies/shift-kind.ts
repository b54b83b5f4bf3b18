import { missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'
import { CLASSIFIERS, type ClassifierName } from '../shift-kind/classifiers.ts'
import { type DigitResult, runDigits, summariseDigits } from '../shift-kind/digits.ts'
import { runCell } from '../shift-kind/run-cell.ts'
import { summarisePhotographs } from '../shift-kind/summary.ts'

type Cell = { readonly seed: number; readonly batches: number } & (
  | { readonly images: 'digits'; readonly size: number }
  | { readonly images: 'photographs'; readonly classifier: ClassifierName }
)

type Result =
  | { readonly digits: DigitResult }
  | { readonly photographs: Awaited<ReturnType<typeof runCell>> }

/** Batches in which the classes' shares, the images' look, both or neither change: is the kind named right? */
export const study = defineStudy({
  title: 'The kind of shift',
  description:
    'Prior shift, appearance shift and both told apart: digits under a 99% classifier, photographs (CIFAR-10) under classifiers of 40, 66 and 95%. The first two are trained here; the last is the second with the logit of the truth raised until it is 95% right, so that it errs on the images which that one finds hardest.',
  revision: 2,
  skipReason: missingCifar10,
  options: {
    seeds: {
      kind: 'integers',
      default: [0, 1, 2],
      quick: [0],
      description: 'one reference and classifier each',
    },
    batches: { kind: 'integer', default: 10, quick: 2, description: 'of each case and size' },
    digitBatches: {
      kind: 'integer',
      default: 40,
      quick: 3,
      description: 'of digits, of each kind',
    },
    digitSize: { kind: 'integer', default: 500, description: 'images in a batch of digits' },
  },
  cells: ({ seeds, batches, digitBatches, digitSize }): Cell[] =>
    seeds.flatMap((seed): Cell[] => [
      ...CLASSIFIERS.map(
        (classifier) => ({ images: 'photographs', seed, classifier, batches }) as const,
      ),
      { images: 'digits', seed, batches: digitBatches, size: digitSize },
    ]),
  run: async (cell: Cell, { threads, featuresId }): Promise<Result> =>
    cell.images === 'digits'
      ? { digits: await runDigits({ ...cell, threads }) }
      : { photographs: await runCell({ ...cell, name: cell.classifier, threads, featuresId }) },
  summarise: (outcomes) => ({
    photographs: summarisePhotographs(
      outcomes.flatMap(({ cell, result }) =>
        cell.images === 'photographs' && 'photographs' in result
          ? [{ classifier: cell.classifier, ...result.photographs }]
          : [],
      ),
    ),
    digits: summariseDigits(
      outcomes.flatMap(({ result }) => ('digits' in result ? [result.digits] : [])),
    ),
  }),
})
