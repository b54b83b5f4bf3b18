import { contentSubject, KNOWLEDGE, type Knowledge } from '../content/content-subject.ts'
import { countContent, type ContentCounts } from '../content/run-content.ts'
import { contentTables, summariseContent } from '../content/summary.ts'
import { CLASSES, missingCifar10 } from '../data/cifar10.ts'
import { defineStudy } from '../harness/study.ts'

type Cell = {
  readonly leftOut: number
  readonly knows: Knowledge
  readonly fitted: number
  readonly epochs: number
  readonly seed: number
  readonly sizes: readonly number[]
  readonly batches: number
}

type Result = { readonly accuracy: number; readonly counts: readonly ContentCounts[] }

/** Is a class that the reference has none of seen in a part of the batch, with a classifier and without? */
export const study = defineStudy({
  title: 'Content: a new class',
  description:
    'Photographs (CIFAR-10) with one class left out of everything that is learned; that class then makes up a tenth, a quarter or half of a batch. Power at level .01 of the product by the images alone, with the probabilities and with the embeddings of a small classifier of the nine classes, which our own engine trains in two minutes; and of one more statistic on the same columns.',
  revision: 1,
  dependsOn: ['features', 'tests'],
  options: {
    classes: {
      kind: 'integers',
      default: [0, 3, 4, 6, 9],
      quick: [9],
      description: 'left out, one after the other',
    },
    knows: {
      kind: 'choices',
      choices: KNOWLEDGE,
      default: KNOWLEDGE,
      quick: ['nothing', 'embeddings'],
      description: 'what a detector is told beside the images',
    },
    fitted: {
      kind: 'integer',
      default: 10_000,
      quick: 2000,
      description: 'images of nine classes handed to fit; three tenths are the reference',
    },
    epochs: {
      kind: 'integer',
      default: 8,
      quick: 1,
      description: 'passes of the classifier’s training over 23,000 images',
    },
    seed: { kind: 'integer', default: 0, description: 'of the split and of all that is fitted' },
    sizes: {
      kind: 'integers',
      default: [100, 200, 500],
      quick: [100],
      description: 'images in a batch',
    },
    batches: {
      kind: 'integer',
      default: 20,
      quick: 5,
      description: 'of each class, size and share',
    },
  },
  skipReason: missingCifar10,
  cells: ({ classes, knows, ...rest }): Cell[] =>
    classes.flatMap((leftOut) => knows.map((way) => ({ leftOut, knows: way, ...rest }))),
  run: async (cell: Cell, context): Promise<Result> => {
    const subject = await contentSubject(cell, context)
    return { accuracy: subject.accuracy, counts: countContent(subject, cell) }
  },
  summarise: (outcomes) =>
    summariseContent(
      outcomes.map(({ cell, result }) => ({
        ...result,
        leftOut: CLASSES[cell.leftOut],
        knows: cell.knows,
      })),
    ),
  tables: contentTables,
})
