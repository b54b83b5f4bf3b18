import type { FigureTable } from '../harness/figure-table.ts'
import { share as shareText } from '../harness/markdown.ts'
import { MOST } from '../stream/delay-stream.ts'
import type { Family } from './families.ts'
import { type FamilyOutcome, type Witness, WITNESSES } from './run-family.ts'

/** What one family of changes came to. */
export type FamilyCell = {
  readonly data: string
  readonly family: Family
  readonly batches: number
  readonly outcomes: readonly FamilyOutcome[]
}

type Row = {
  readonly data: string
  readonly family: Family
  readonly changes: number
  readonly share: number
  /** Of batches found, mean over the changes of the family. */
  readonly power: Readonly<Record<Witness, number>>
  /** Mean images to the alarm, geometric mean over the changes; streams that never alarmed count as `MOST`. */
  readonly delay: Readonly<Record<Witness, number>>
}

/** What the study stores. */
export type WitnessFigures = { readonly rows: readonly Row[] }

/** By family and share, under no witness, one not taught the family, and one taught it. */
export function summariseWitness(cells: readonly FamilyCell[]): WitnessFigures {
  return {
    rows: cells.flatMap(({ data, family, batches, outcomes }) => {
      const shares = outcomes[0].alarms.map(({ share }) => share)
      const changes = new Set(outcomes.map(({ change }) => change)).size
      return shares.map((share, at): Row => ({
        data,
        family,
        changes,
        share,
        power: eachWitness(outcomes, (own) =>
          meanOf(own.map(({ alarms }) => alarms[at].alarms / batches)),
        ),
        delay: eachWitness(outcomes, (own) =>
          Math.exp(meanOf(own.map(({ delays }) => Math.log(meanOf(delays[at].delays))))),
        ),
      }))
    }),
  }
}

function eachWitness(
  outcomes: readonly FamilyOutcome[],
  of: (own: readonly FamilyOutcome[]) => number,
): Record<Witness, number> {
  const figure = (witness: Witness): number =>
    Number(of(outcomes.filter((one) => one.witness === witness)).toPrecision(3))
  return { none: figure('none'), 'not-taught': figure('not-taught'), taught: figure('taught') }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

const TITLES: Readonly<Record<Witness, string>> = {
  none: 'no witness',
  'not-taught': 'not taught this family',
  taught: 'taught it too',
}

/** The tables of the study `witness-power`. */
export function witnessTables(figures: object): FigureTable[] {
  const { rows } = figures as WitnessFigures
  const head = [
    'images',
    'family (changes)',
    'changed images',
    ...WITNESSES.map((witness) => TITLES[witness]),
  ]
  const labels = ({ data, family, changes, share }: Row): string[] => [
    data === 'mnist' ? 'digits' : 'photographs',
    `${family} (${changes})`,
    share === 1 ? 'all' : shareText(share),
  ]
  const ratio = ({ delay }: Row): string =>
    `${(100 * (delay['not-taught'] / delay.none - 1)).toFixed(0).replace('-', '−')}%`
  return [
    {
      title: 'Batches found, level .01',
      note: 'Mean over the changes of the family, each at one mild strength. The outlier score, which is made of all columns, is left out of all three.',
      head,
      rows: rows.map((row) =>
        labels(row).concat(WITNESSES.map((witness) => shareText(row.power[witness]))),
      ),
    },
    {
      title: 'Images until a stream alarms',
      note: `Mean over the streams, geometric mean over the changes; a stream without an alarm counts as ${MOST.toLocaleString('en-US')}. The last column: a witness that was not taught the family against none.`,
      head: [...head, 'more images'],
      rows: rows.map((row) =>
        labels(row).concat(
          WITNESSES.map((witness) => String(Math.round(row.delay[witness]))),
          ratio(row),
        ),
      ),
    },
  ]
}
