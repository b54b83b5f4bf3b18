import type { Knowledge } from '../content/content-subject.ts'
import type { ContentFigures } from '../content/summary.ts'
import type { MeanRow, PowerRow } from '../fitted/summary.ts'
import { share } from '../harness/markdown.ts'
import type { StoredResult } from '../harness/result-store.ts'
import { bestPublishedMean } from '../window/page/published.ts'
import type { WindowFigures } from '../window/summary.ts'

/** One claim: what it says and the figures it stands on. */
export type EvidenceRow = { readonly claim: string; readonly figure: string }

/** What one stored result has to say on the front page. */
export type Evidence = {
  /** Of the result it is read from. */
  readonly result: string
  readonly rows: (result: StoredResult) => readonly EvidenceRow[]
}

type FittedFigures = {
  readonly falseAlarms: readonly PowerRow[]
  readonly means: readonly MeanRow[]
}

const OURS = 'check'
/** What people call the data sets. */
export const DATA: Readonly<Record<string, string>> = { mnist: 'digits', cifar10: 'photographs' }

const PICTURES: Readonly<Record<string, string>> = {
  ...DATA,
  'pieces-64': 'pieces of photographs, 64 px',
  'pieces-128': 'pieces of 128 px',
}

/** In the order of the page: first what a default user has, then the published protocol. */
export const DETECTION: readonly Evidence[] = [
  {
    result: 'default-user',
    rows: ({ figures }) => {
      const { falseAlarms, means } = figures as FittedFigures
      const own = falseAlarms.filter(({ rule }) => rule === OURS)
      const half = means.filter(({ rule, share: part }) => rule === OURS && part === 0.5)
      return [
        ...byReference(own, (rows) => ({
          claim: `false alarms at the stated .01, ${nameOf(rows[0])}, batches of ${sizesOf(rows)}`,
          figure: rows
            .map(
              ({ rate, interval }) =>
                `${thousandths(rate)} [${thousandths(interval[0])}, ${thousandths(interval[1])}]`,
            )
            .join(', '),
        })),
        ...byReference(half, (rows) => ({
          claim: `power at .01, half of the images changed, ${nameOf(rows[0])}, batches of ${sizesOf(rows)}`,
          figure: rows.map(({ mean }) => share(mean)).join(', '),
        })),
      ]
    },
  },
  ...['photographs', 'larger-photographs'].map((result) => ({ result, rows: slightChanges })),
  {
    result: 'content',
    rows: ({ figures }) => {
      const { rows } = figures as ContentFigures
      const own = rows.filter(({ size, share: part }) => size === CONTENT_SIZE && part > 0)
      const ways = [...new Set(own.map(({ knows }) => knows))]
      return ways.map((knows) => ({
        claim: `power at .01 on a class that the reference has none of, a tenth, a quarter, half of ${CONTENT_SIZE} photographs, ${KNOWING[knows]}`,
        figure: own
          .filter((row) => row.knows === knows)
          .map(({ product }) => share(product))
          .join(', '),
      }))
    },
  },
  {
    result: 'window-fl',
    rows: ({ figures }) => {
      const { protocols } = figures as WindowFigures
      const power = (protocol: keyof typeof protocols, method: string): string =>
        FL_SIZES.map((size) =>
          share(protocols[protocol]?.[method]?.averages['published']?.[`n${size}`]?.power),
        ).join(', ')
      const published = FL_SIZES.map((size) => share(bestPublishedMean.get(size))).join(', ')
      return [
        {
          claim: `the published MNIST grid at .05 with a digit classifier, reference as large as the batch, n = ${FL_SIZES.join(', ')} (best published at each: ${published})`,
          figure: power('same-size', 'ours'),
        },
        {
          claim: `the same, reference of 10,000 (KS on that classifier: ${power('fixed-reference', 'ks-softmax')}; KS on our own columns without it: ${power('fixed-reference', 'ks-columns')})`,
          figure: power('fixed-reference', 'ours'),
        },
      ]
    },
  },
]

/** Mean power over the changes of the studies of photographs. */
function slightChanges({ figures }: StoredResult): EvidenceRow[] {
  const { means } = figures as FittedFigures
  const own = means.filter(({ rule, size }) => rule === OURS && size === 100)
  return byReference(own, (rows) => ({
    claim: `the same for ${rows[0].changes} slight changes that no feature was made for, ${nameOf(rows[0])}, batches of 100, a tenth / half / all of the images changed: as they arrive, saved again as JPEG`,
    figure: [...Map.groupBy(rows, ({ form }) => form).values()]
      .map((alike) =>
        alike
          .toSorted((a, b) => a.share - b.share)
          .map(({ mean }) => share(mean))
          .join(' / '),
      )
      .join(', '),
  }))
}

const CONTENT_SIZE = 200
const KNOWING: Readonly<Record<Knowledge, string>> = {
  nothing: 'by the images alone',
  probabilities: 'with the probabilities of a small classifier of the other nine',
  embeddings: 'with its embeddings',
}

const FL_SIZES = [10, 100, 1000]

type Numbers = Readonly<Record<string, number>>

/** Pace and cost, each beside what it is compared with. */
export const SPEED: readonly Evidence[] = [
  {
    result: 'scoring',
    rows: ({ figures }) => {
      const found = figures as Numbers
      const limit = found['ratioToOnnxRuntimeInPython']
      return [
        {
          claim: `scoring${found['sameWork'] === undefined ? '' : ' with all columns'}, against the fastest PyTorch, eager PyTorch, Keras${limit === undefined ? '' : ', and ONNX Runtime called from Python on the same graph'}`,
          figure: [
            found['ratioToBestPyTorch'],
            found['ratioToBestEagerPyTorch'],
            found['ratioToKeras'],
            ...(limit === undefined ? [] : [limit]),
          ]
            .map(times)
            .join(', '),
        },
        {
          claim: 'scoring a folder of JPEGs, against decoding alone: autoencoder, all features',
          figure: `${found['ratioToDecodeOnly'].toFixed(2)}, ${found['featuresRatioToDecodeOnly'].toFixed(2)} of the time`,
        },
      ]
    },
  },
  {
    result: 'features',
    rows: ({ figures }) => {
      const { featuresOnTop, testMilliseconds } = figures as Readonly<Record<string, Numbers>>
      return [
        {
          claim: `all features on top of the autoencoder, ${Object.keys(featuresOnTop).join(' and ').replaceAll('x', '×')}, on one thread`,
          figure: Object.values(featuresOnTop)
            .map((added) => `+${Math.round(100 * added)}%`)
            .join(', '),
        },
        ...(testMilliseconds === undefined ? [] : [testCost(testMilliseconds as never)]),
      ]
    },
  },
  {
    result: 'training',
    rows: ({ figures }) => {
      const found = figures as Numbers
      return [
        {
          claim: 'training, against the fastest PyTorch and Keras on the same cores',
          figure: [found['ratioToBestPyTorch'], found['ratioToKeras']].map(times).join(', '),
        },
      ]
    },
  },
  {
    result: 'time-to-loss',
    rows: ({ figures }) => {
      const found = figures as Numbers
      const same = found['ratioToKerasWithOurSchedule']
      return [
        {
          claim: `time to the published validation loss, against the recipe in Keras as published${same === undefined ? '' : ', and against Keras with our optimizer and schedule'}`,
          figure: `${[found['ratioToKeras'], ...(same === undefined ? [] : [same])].map((ratio) => ratio.toFixed(2)).join(', ')} of it`,
        },
      ]
    },
  },
]

type Cost = Readonly<Record<'prepared' | 'exact', { readonly median: number }>>

/** Equal sizes beside each other. */
function testCost(costs: Readonly<Record<string, Cost>>): EvidenceRow {
  const sizes = Object.keys(costs).map((key) => Number(key.slice(1)).toLocaleString('en-US'))
  return {
    claim: `the window test of a clean batch against 10,000 images, batches of ${sizes.join(' and ')}: prepared for, exact`,
    figure: Object.values(costs)
      .map(
        ({ prepared, exact }) => `${milliseconds(prepared.median)}, ${milliseconds(exact.median)}`,
      )
      .join(' and '),
  }
}

type Described = { readonly data: string; readonly reference: number; readonly size: number }

/** One row for each data set and reference, in the order in which they are stored. */
function byReference<Row extends Described>(
  rows: readonly Row[],
  row: (own: readonly Row[]) => EvidenceRow,
): EvidenceRow[] {
  const groups = Map.groupBy(rows, ({ data, reference }) => `${data} ${reference}`)
  return [...groups.values()].map(row)
}

function nameOf({ data, reference }: Described): string {
  return `${PICTURES[data]}, reference of ${reference.toLocaleString('en-US')}`
}

function sizesOf(rows: readonly Described[]): string {
  return [...new Set(rows.map(({ size }) => size.toLocaleString('en-US')))].join(', ')
}

function thousandths(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}

function times(ratio: number): string {
  return `${ratio.toFixed(1)}×`
}

function milliseconds(value: number): string {
  return `${value < 10 ? value.toPrecision(2) : Math.round(value)} ms`
}
