import { wilsonInterval } from '../../src/statistics/index.ts'
import type { FigureTable } from '../harness/figure-table.ts'
import { share as shareText } from '../harness/markdown.ts'
import { rate } from '../protocol/alarms.ts'
import type { Knowledge } from './content-subject.ts'
import type { ContentCounts } from './run-content.ts'

/** What one detector gave. */
export type ContentOutcome = {
  readonly leftOut: string
  readonly knows: Knowledge
  readonly accuracy: number
  readonly counts: readonly ContentCounts[]
}

/** Rates of one way of knowing, size and share, over all classes left out. */
type ContentRow = {
  readonly knows: Knowledge
  readonly size: number
  readonly share: number
  readonly batches: number
  readonly product: number
  readonly productInterval: readonly [number, number]
  readonly joint: number
  readonly jointInterval: readonly [number, number]
  /** By class left out, of the product and with the joint statistic. */
  readonly byClass: Readonly<Record<string, readonly [number, number]>>
}

/** What the study stores. */
export type ContentFigures = {
  readonly accuracies: Readonly<Record<string, number>>
  readonly rows: readonly ContentRow[]
}

/** Power on classes left out and false alarms, by what the detector is told beside the images. */
export function summariseContent(outcomes: readonly ContentOutcome[]): ContentFigures {
  const all = outcomes.flatMap(({ counts, ...own }) => counts.map((one) => ({ ...own, ...one })))
  const cells = Map.groupBy(all, ({ knows, size, share }) => JSON.stringify([knows, size, share]))
  return {
    accuracies: Object.fromEntries(outcomes.map(({ leftOut, accuracy }) => [leftOut, accuracy])),
    rows: [...cells.values()].map((own): ContentRow => {
      const [{ knows, size, share }] = own
      const batches = own.reduce((sum, one) => sum + one.batches, 0)
      const total = (of: 'product' | 'joint'): number => own.reduce((sum, one) => sum + one[of], 0)
      const interval = (of: 'product' | 'joint'): [number, number] => {
        const { low, high } = wilsonInterval(total(of), batches)
        return [low, high]
      }
      return {
        knows,
        size,
        share,
        batches,
        product: rate(total('product'), batches),
        productInterval: interval('product'),
        joint: rate(total('joint'), batches),
        jointInterval: interval('joint'),
        byClass: Object.fromEntries(
          own.map((one) => [
            one.leftOut,
            [rate(one.product, one.batches), rate(one.joint, one.batches)],
          ]),
        ),
      }
    }),
  }
}

const TITLES: Readonly<Record<Knowledge, string>> = {
  nothing: 'the images alone',
  probabilities: 'and a classifier’s probabilities',
  embeddings: 'and a classifier’s embeddings',
}

/** The tables of the study `content`. */
export function contentTables(figures: object): FigureTable[] {
  const { rows, accuracies } = figures as ContentFigures
  const sizes = [...new Set(rows.map(({ size }) => size))]
  const ways = [...new Set(rows.map(({ knows }) => knows))]
  const shares = [...new Set(rows.map(({ share }) => share))]
  const told = (of: 'product' | 'joint'): string[][] =>
    ways.flatMap((knows) =>
      sizes.map((size) => {
        const own = rows.filter((row) => row.knows === knows && row.size === size)
        const powers = shares.map((part) => own.find(({ share }) => share === part)?.[of])
        return [TITLES[knows], `n = ${size}`].concat(powers.map(shareText))
      }),
    )
  const head = [
    'what is compared',
    'images',
    ...shares.map((share) => (share === 0 ? 'false alarms' : `${100 * share}% of a new class`)),
  ]
  const accuracy = Object.entries(accuracies).map(
    ([leftOut, own]) => `${shareText(own)} without ${leftOut}`,
  )
  return [
    {
      title: 'A new class in a part of the batch, level .01',
      note: `Mean over the classes left out. The classifier is right on unseen images of the nine classes in ${accuracy.join(', ')}.`,
      head,
      rows: told('product'),
    },
    {
      title: 'The same with one more statistic: all learned columns together',
      note: 'The product compares what a classifier says like this already; here code and components, too, and by values in place of ranks: the sum over a group’s columns (code, components, what the classifier says) of squared differences of means, by permutation; it shares the level with the product’s test (Bonferroni).',
      head,
      rows: told('joint'),
    },
  ]
}
