import {
  columnIndex,
  type MeasuredImage,
  type Measurements,
  noMeasurements,
  periodOf,
  sumExactly,
  type VectorName,
} from '../../measuring/values/index.ts'
import type { ChangePoint, StreamCarrier, StreamEvent, StreamPlace } from '../../verdict/index.ts'
import { findStart } from '../../statistics/index.ts'
import type { Baseline } from '../baseline.ts'
import { judge } from '../judge.ts'
import type { Policy } from '../policy.ts'
import { MOST_RECENT, recall } from './recent-images.ts'
import type { StreamSettings } from './stream-options.ts'
import type { StreamReference } from './stream-reference.ts'
import type { StreamState } from './stream-state.ts'
import type { StreamTests } from './stream-tests.ts'

/** What every step of a stream needs. */
export type Watch = {
  readonly baseline: Baseline
  readonly policy: Policy
  readonly settings: StreamSettings
  readonly reference: StreamReference
  readonly tests: StreamTests
  readonly state: StreamState
}

/** A change as the tests found it. */
export type FoundChange = {
  readonly pace: 'sudden' | 'slow'
  /** Watched columns, strongest first, at least one. */
  readonly carriers: readonly { readonly column: number; readonly strength: number }[]
  /** Number of the first changed bet, from 0. */
  readonly firstBet: number
}

/**
 * Takes the changed bets out of what is normal, and says since when and what changed; with the p-values that the
 * strongest column has had since.
 */
export function explainChange(
  watch: Watch,
  found: FoundChange,
): { readonly event: StreamEvent; readonly pValues: readonly number[] } {
  const { state, tests, baseline } = watch
  const oldest = Math.max(0, state.bets - MOST_RECENT)
  const bets = Array.from({ length: state.bets - oldest }, (_, i) => oldest + i)
  const rows = bets.map((number) => rowOfBet(watch, number))
  const known = bets.flatMap((number, i) => {
    const row = rows[i]
    return row === undefined ? [] : [{ number, row }]
  })
  const forgetFrom = (from: number, to = Infinity): void => {
    for (const { number, row } of known) {
      if (number >= from && number < to) tests.change.forget(state.change, row)
    }
  }
  forgetFrom(found.firstBet)
  const { column } = found.carriers[0]
  const pValues = known.map(({ row }) => tests.change.shareAbove(state.change, column, row[column]))
  const about = Math.max(
    0,
    known.findIndex(({ number }) => number >= found.firstBet),
  )
  const { likeliest, from, to } = findStart(pValues, about)
  forgetFrom(known[likeliest].number, found.firstBet)
  const imageOf = (i: number) => state.firstImages[known[i].number % MOST_RECENT]
  const since: ChangePoint = {
    ...placeOf(state, imageOf(likeliest)),
    from: imageOf(from) + 1,
    to: imageOf(to) + 1,
  }
  const at = placeOf(state, state.images - 1)
  const judgement = judgeSince(watch, since.number - 1)
  const isTolerated = baseline.nearest !== undefined && judgement.severity !== 'drift'
  const event: StreamEvent = isTolerated
    ? { kind: 'tolerated', at, since }
    : {
        kind: 'drift',
        pace: found.pace,
        at,
        since,
        carriers: nameCarriers(found.carriers, watch),
        judgement,
      }
  return { event, pValues: pValues.slice(likeliest) }
}

/** The images from this number on, as far as they are remembered, as a batch. */
function judgeSince({ baseline, policy, settings, state }: Watch, first: number) {
  const kept = Array.from({ length: state.images - first }, (_, i) => first + i).flatMap(
    (number) => recall(state.recent, number) ?? [],
  )
  return judge(
    baseline,
    measurementsOf(baseline, kept),
    { ...policy, fewestImages: 2 },
    {
      seed: settings.seed,
    },
  )
}

function measurementsOf(
  { extractorId, table, settings }: Baseline,
  kept: readonly { readonly image: MeasuredImage; readonly row: Float32Array }[],
): Measurements {
  const { columns } = table
  const values = new Float32Array(kept.length * columns.length)
  kept.forEach(({ row }, i) => values.set(row, i * columns.length))
  const loss = columnIndex(columns, 'loss')
  return {
    ...noMeasurements({ extractorId, columns }),
    images: kept.map(({ image }) => image),
    values,
    count: kept.length,
    loss: sumExactly(kept.map(({ row }) => row[loss])),
    period: periodOf(kept.map(({ image }) => image.record)),
    given: Object.keys(settings.given) as VectorName[],
  }
}

/** The watched columns of a bet: of its image, or the mean of its block; undefined where images of it were forgotten. */
function rowOfBet({ state, reference }: Watch, number: number): Float32Array | undefined {
  const first = state.firstImages[number % MOST_RECENT]
  const isLast = number === state.bets - 1
  const open = state.block?.images ?? 0
  const end = isLast ? state.images - open : state.firstImages[(number + 1) % MOST_RECENT]
  const sums = new Float64Array(reference.columns.length)
  for (let image = first; image < end; image++) {
    const found = recall(state.recent, image)
    if (found === undefined || image < state.images - MOST_RECENT) return undefined
    reference.columns.forEach((column, k) => (sums[k] += found.row[column]))
  }
  return Float32Array.from(sums, (sum) => sum / (end - first))
}

/** Names what speaks of a change. */
export function nameCarriers(
  carriers: FoundChange['carriers'],
  { reference, baseline }: Pick<Watch, 'reference' | 'baseline'>,
): StreamCarrier[] {
  return carriers.map(({ column, strength }) => {
    const { name, group } = baseline.table.columns[reference.columns[column]]
    return { name, group, strength }
  })
}

/** An image by its number from 0. */
export function placeOf(state: StreamState, number: number): StreamPlace {
  const record = recall(state.recent, number)?.image.record
  const { id = '', timestamp } = record ?? {}
  return { number: number + 1, id, ...(timestamp !== undefined && { timestamp }) }
}
