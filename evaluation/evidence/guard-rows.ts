import { DATA, type Evidence } from './evidence-rows.ts'

type Shares = Readonly<Record<string, Readonly<Record<string, number>>>>

/** What is named beside or before drift: repeats, single foreign images, examples of a change. */
export const GUARDS: readonly Evidence[] = [
  {
    result: 'repeats',
    rows: ({ figures }) => {
      const { repeated, different } = figures as Readonly<Record<string, Shares>>
      return [
        {
          claim:
            'a frozen feed, three images in a loop, every image twice, some repeated: named first, digits and photographs, exact copies and near ones (least of the kinds); batches of different images so named',
          figure: `${thousandths(Math.min(...column(repeated, 'namedFirst')))}; ${thousandths(mean(column(different, 'namedFirst')))}`,
        },
      ]
    },
  },
  {
    result: 'foreign-images',
    rows: ({ figures }) => {
      const { found } = figures as Readonly<Record<string, Shares>>
      return Object.keys(DATA).flatMap((data) => {
        const own = found[`${data}, 1000 images, 1% foreign (letters)`]
        if (own === undefined) return []
        return [
          {
            claim: `ten letters among 1,000 ${DATA[data]}: batches that alarm at .01; letters named one by one; ordinary images among those named (stated: .1 at most on average over references)`,
            figure: `${thousandths(own['alarm'])}; ${thousandths(own['foundShare'])}; ${thousandths(own['falseShare'])}`,
          },
        ]
      })
    },
  },
  {
    result: 'exemplars',
    rows: ({ figures }) => {
      const { bySize } = figures as Readonly<Record<string, Shares>>
      return Object.keys(DATA).flatMap((data) => {
        const own = Object.entries(bySize).filter(([name]) => name.startsWith(`${data},`))
        if (own.length === 0) return []
        const sizes = own.map(([name]) => name.split(' ')[1]).join(', ')
        return [
          {
            claim: `a tenth of the images changed, ${DATA[data]}: changed ones among the eight that a verdict shows, where it alarms, batches of ${sizes} (those nearest to the mean: ${own.map(([, { nearestToMean }]) => thousandths(nearestToMean)).join(', ')})`,
            figure: own.map(([, { precision }]) => thousandths(precision)).join(', '),
          },
        ]
      })
    },
  },
]

function column(shares: Shares, name: string): number[] {
  return Object.values(shares).map((row) => row[name])
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function thousandths(value: number): string {
  return value.toFixed(3).replace(/^0/, '')
}
