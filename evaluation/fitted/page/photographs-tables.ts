import type { FigureTable } from '../../harness/figure-table.ts'
import { share } from '../../harness/markdown.ts'
import { LENS_CHANGES, PLACED } from '../lens-changes.ts'
import { PHOTOGRAPH_CHANGES } from '../photograph-changes.ts'
import { ABLATIONS } from '../rules.ts'
import type { MeanRow, PowerRow } from '../summary.ts'
import { titleOf } from './default-user-tables.ts'
import { pivot, sizeHeading, smallRate } from './pivot.ts'

type Figures = {
  readonly falseAlarms: readonly PowerRow[]
  readonly means: readonly MeanRow[]
  readonly rows: readonly PowerRow[]
}

const OURS = 'check'
const FORM_TITLES: Readonly<Record<string, string>> = {
  'as-is': 'as it arrives',
  'saved-again': 'saved again',
}
const DATA_TITLES: Readonly<Record<string, string>> = {
  cifar10: '',
  'pieces-64': '64 px, ',
  'pieces-128': '128 px, ',
}
const WHOLE: ReadonlySet<string> = new Set(
  LENS_CHANGES.map(({ name }) => name).filter((name) => !PLACED.has(name)),
)
const PARTS: ReadonlySet<string> = new Set(ABLATIONS.map(({ name }) => name))

/** The tables of the study `photographs`. */
export function photographsTables(figures: object): FigureTable[] {
  const { falseAlarms, means, rows } = figures as Figures
  const own = rows.filter(({ rule, change }) => rule === OURS && change !== 'clean')
  const sizes = [...new Set(own.map(({ size }) => size))]
  return [
    changeTable(),
    ...sizes.map((size) => powerTable(own, size)),
    familyTable(own),
    ruleTable(means.filter(({ rule }) => !PARTS.has(rule))),
    falseAlarmTable(falseAlarms),
    // Parts are taken away in some studies alone.
    ...(means.some(({ rule }) => PARTS.has(rule))
      ? [partsTable(means), ...partsByChange(rows)]
      : []),
  ]
}

function changeTable(): FigureTable {
  return {
    title: 'The changes',
    note: 'None of them was looked at while features were chosen; those of the second half were made after all of them. The last column says what in the image properties is nearest, and with which of the built-in corruptions in mind that was made: those corruptions (`findCorruption`) and the shifts of "Failing Loudly" are what the properties were chosen on, so that power on them says less than power here.',
    head: ['change', 'what happens', 'nearest property (made for)'],
    rows: PHOTOGRAPH_CHANGES.map(({ name, title, kin = 'none' }) => [name, title, kin]),
  }
}

/** `reference 6,000`, after the size of the images where there are several. */
function subjectOf({ data, reference }: Pick<PowerRow, 'data' | 'reference'>): string {
  return `${DATA_TITLES[data] ?? ''}reference ${count(reference)}`
}

/** A tenth, half and all of the images changed, in one cell. */
function powerTable(rows: readonly PowerRow[], size: number): FigureTable {
  return pivot(
    rows.filter((row) => row.size === size),
    {
      title: `Power of pixeldrift at .01, ${sizeHeading(size)}`,
      note: 'A tenth / half / all of the images changed. *Saved again*: as JPEG of quality 75, as the reference was, so that rounding to grey levels leaves no trace; what falls from one column to the next was power on that trace.',
      labels: ['change'],
      labelsOf: ({ change }) => [change],
      columnOf: (row) => `${subjectOf(row)}, ${FORM_TITLES[row.form]}`,
      cellOf: (cells) => byShare(cells, ({ rate }) => rate),
    },
  )
}

/** What sits at a place of the frame apart from what changes the whole picture. */
function familyTable(rows: readonly PowerRow[]): FigureTable {
  const families = [...Map.groupBy(rows, familyOf)].flatMap(([family, own]) =>
    [
      ...Map.groupBy(own, ({ data, reference, form, size, share: part }) =>
        [data, reference, form, size, part].join(),
      ).values(),
    ].map((alike) => {
      const { data, reference, form, size, share: part } = alike[0]
      const mean = alike.reduce((sum, { rate }) => sum + rate, 0) / alike.length
      return { data, reference, form, size, share: part, family, changes: alike.length, mean }
    }),
  )
  return pivot(families, {
    title: 'Power of pixeldrift by what changed',
    note: 'Mean over the changes, a tenth / half / all of the images changed. *At a place*: always at the same place of the frame, as dirt on a lens.',
    labels: ['compared with', 'images', 'changes'],
    labelsOf: (row) => [subjectOf(row), FORM_TITLES[row.form], `${row.family} (${row.changes})`],
    columnOf: ({ size }) => sizeHeading(size),
    cellOf: (cells) => byShare(cells, ({ mean }) => mean),
  })
}

function familyOf({ change }: PowerRow): string {
  if (PLACED.has(change)) return 'at a place'
  return WHOLE.has(change) ? 'of the whole, made later' : 'of the whole'
}

function ruleTable(means: readonly MeanRow[]): FigureTable {
  return pivot(means, {
    title: 'The same batches under simpler rules',
    note: 'Mean over the changes, a tenth / half / all of the images changed.',
    labels: ['compared with', 'images', 'rule'],
    labelsOf: (row) => [subjectOf(row), FORM_TITLES[row.form], titleOf(row.rule)],
    columnOf: ({ size }) => sizeHeading(size),
    cellOf: (cells) => byShare(cells, ({ mean }) => mean),
  })
}

function falseAlarmTable(falseAlarms: readonly PowerRow[]): FigureTable {
  return pivot(falseAlarms, {
    title: 'False alarms on clean photographs, stated rate .01',
    note: 'As they arrive: against references drawn anew from unseen photographs. Saved again: the clean photographs stored once more, against the detector’s own reference.',
    labels: ['compared with', 'images', 'rule'],
    labelsOf: (row) => [subjectOf(row), FORM_TITLES[row.form], titleOf(row.rule)],
    columnOf: ({ size }) => sizeHeading(size),
    cellOf: ([row]) => smallRate(row),
  })
}

function partsTable(means: readonly MeanRow[]): FigureTable {
  const ablated = means.filter(({ rule }) => PARTS.has(rule))
  const [first] = ablated
  const compared = means.filter(
    ({ rule, size, share: changed, reference }) =>
      PARTS.has(rule) ||
      (rule === OURS &&
        size === first?.size &&
        reference === first.reference &&
        ablated.some((one) => one.share === changed)),
  )
  return pivot(compared, {
    title: `What each part adds, n = ${first?.size ?? '–'}`,
    note: 'Mean power over the changes, a tenth / half of the images changed. The outlier score is made of all other columns, so it is left out wherever one of them is. The first detector alone, but for the first line.',
    labels: ['columns in the test'],
    labelsOf: ({ rule }) => [rule === OURS ? 'all of them' : titleOf(rule)],
    columnOf: (row) => `${subjectOf(row)}, ${FORM_TITLES[row.form]}`,
    cellOf: (cells) => byShare(cells, ({ mean }) => mean),
  })
}

/** Where the parts differ: each change by itself, for the larger reference. */
function partsByChange(rows: readonly PowerRow[]): FigureTable[] {
  const largest = Math.max(...rows.map(({ reference }) => reference))
  const own = rows.filter(({ rule, reference }) => PARTS.has(rule) && reference === largest)
  return ['as-is', 'saved-again'].map((form) =>
    pivot(
      own.filter((row) => row.form === form),
      {
        title: `What each part adds, by change, ${FORM_TITLES[form]}`,
        note: `Reference of ${count(largest)}, n = ${own[0]?.size ?? '–'}, a tenth / half of the images changed; few batches each.`,
        labels: ['change'],
        labelsOf: ({ change }) => [change],
        columnOf: ({ rule }) => titleOf(rule),
        cellOf: (cells) => byShare(cells, ({ rate }) => rate),
      },
    ),
  )
}

function byShare<Row extends { readonly share: number }>(
  rows: readonly Row[],
  figure: (row: Row) => number,
): string {
  const sorted = rows.toSorted((a, b) => a.share - b.share)
  return sorted.map((row) => share(figure(row))).join(' / ')
}

function count(reference: number): string {
  return reference.toLocaleString('en-US')
}
