import type { FigureTable } from '../../harness/figure-table.ts'
import { share } from '../../harness/markdown.ts'
import { DIGIT_CHANGES, VISIBLE_CHANGES } from '../changes.ts'
import { RULES } from '../rules.ts'
import type { MeanRow, PowerRow } from '../summary.ts'
import { pivot, powerRate, shareInWords, sizeHeading, smallRate } from './pivot.ts'

type Figures = {
  readonly falseAlarms: readonly PowerRow[]
  readonly means: readonly MeanRow[]
  readonly rows: readonly PowerRow[]
}

const DATA_TITLES: Readonly<Record<string, string>> = {
  mnist: 'digits (MNIST)',
  cifar10: 'photographs (CIFAR-10)',
}
const OURS = 'check'

/** The tables of the study `default-user`. */
export function defaultUserTables(figures: object): FigureTable[] {
  const { falseAlarms, means, rows } = figures as Figures
  return [
    pivot(falseAlarms, {
      title: 'False alarms on clean batches, stated rate .01',
      note: `Against references drawn anew from images that the detector has not seen, as large as its own; 95% intervals over ${falseAlarms[0]?.references} references each.`,
      labels: ['images', 'reference', 'rule'],
      labelsOf: ({ data, reference, rule }) => [DATA_TITLES[data], count(reference), titleOf(rule)],
      columnOf: ({ size }) => sizeHeading(size),
      cellOf: ([row]) => smallRate(row),
    }),
    pivot(means, {
      title: 'Mean power at .01',
      note: 'Share of batches in which a change is found, mean over the changes of the next table, each counting the same; in brackets the lowest and the highest detector. Means stand for the changes that are in them and for no others.',
      labels: ['images', 'reference', 'changed images', 'rule'],
      labelsOf: ({ data, reference, share: changed, rule }) => [
        DATA_TITLES[data],
        count(reference),
        shareInWords(changed),
        titleOf(rule),
      ],
      columnOf: ({ size }) => sizeHeading(size),
      cellOf: ([row]) => meanCell(row),
    }),
    pivot(
      rows.filter(({ rule }) => rule === OURS),
      {
        title: 'Power at .01, pixeldrift, each change by itself',
        note: '95% intervals over batches, which share their detector.',
        labels: ['images', 'change', 'changed images', 'reference'],
        labelsOf: ({ data, change, share: changed, reference }) => [
          DATA_TITLES[data],
          changeTitle(change),
          shareInWords(changed),
          count(reference),
        ],
        columnOf: ({ size }) => sizeHeading(size),
        cellOf: ([row]) => powerRate(row),
      },
    ),
  ]
}

/** `.85 (.83–.87)`: a mean over changes with the lowest and the highest detector. */
function meanCell({ mean, lowest, highest }: MeanRow): string {
  const range = lowest === highest ? '' : ` (${share(lowest)}–${share(highest)})`
  return `${share(mean)}${range}`
}

/** What a rule is called in tables. */
export function titleOf(rule: string): string {
  return RULES.find(({ name }) => name === rule)?.title ?? rule
}

function changeTitle(name: string): string {
  return [...DIGIT_CHANGES, ...VISIBLE_CHANGES].find((one) => one.name === name)?.title ?? name
}

function count(reference: number): string {
  return reference.toLocaleString('en-US')
}
