import type {
  ChangePoint,
  Exemplars,
  Repeats,
  StreamCarrier,
  StreamEvent,
  StreamPlace,
} from '../../verdict/index.ts'
import { findStart } from '../../statistics/index.ts'
import type { Baseline } from '../baseline.ts'
import type { Measurements } from '../../measuring/values/index.ts'
import { judge } from '../judge.ts'
import type { Policy } from '../policy.ts'
import { findRepeats } from '../repeats/find-repeats.ts'
import { type ImageRow, measurementsOfRows } from '../rows-as-measurements.ts'
import type { Bet } from './recent-bets.ts'
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
  const bets = normalBets(watch)
  const about = bets.findIndex(({ number }) => number >= found.firstBet)
  forgetBets(watch, bets.slice(about))
  const { column } = found.carriers[0]
  const pValues = bets.map(({ bins }) =>
    tests.change.shareAbove(state.change, { column, bin: bins[column] }),
  )
  const { likeliest, from, to } = findStart(pValues, about)
  // No change begins before the one that was found last.
  const earliest = bets.findIndex(({ number }, i) => number - i === state.bets - bets.length)
  const start = Math.max(earliest, likeliest)
  forgetBets(watch, bets.slice(start, about))
  const imageOf = (i: number) => bets[Math.max(earliest, i)].firstImage
  const since: ChangePoint = {
    ...placeOf(state, imageOf(likeliest)),
    from: imageOf(from) + 1,
    to: imageOf(to) + 1,
  }
  const at = placeOf(state, state.images - 1)
  const judgement = judgeSince(watch, since.number - 1)
  const isTolerated =
    baseline.nearest !== undefined &&
    judgement.severity !== 'drift' &&
    judgement.repeats?.areMany !== true
  const event: StreamEvent = isTolerated
    ? { kind: 'tolerated', at, since }
    : {
        kind: 'drift',
        pace: found.pace,
        at,
        since,
        carriers: nameCarriers(found.carriers, watch),
        judgement,
        before: imagesBefore(state, since.from - 1),
      }
  return { event, pValues: pValues.slice(start) }
}

/** Takes changed bets out of what is normal. */
export function forgetBets({ state, tests }: Watch, bets: readonly NumberedBet[]): void {
  for (const { number, bins } of bets) {
    tests.change.forget(state.change, bins)
    state.recentBets.isNormal[number % MOST_RECENT] = 0
  }
}

/** The images from this number on, as far as they are remembered, held against the baseline. */
export function judgeSince(watch: Watch, first: number) {
  const { baseline, policy, settings } = watch
  const measured = imagesSince(watch, first)
  return judge(baseline, measured, { ...policy, fewestImages: 2 }, { seed: settings.seed })
}

/** The images from this number on, as far as they are remembered. */
export function imagesSince({ baseline, state }: Watch, first: number): Measurements {
  const kept = Array.from({ length: state.images - first }, (_, i) => first + i).flatMap(
    (number) => recall(state, number) ?? [],
  )
  return measurementsOfRows(baseline, kept)
}

/** Images among which a feed that stands still is looked for. */
const LAST = 50

/** Whether the last images repeat each other, which is one way to be dependent. */
export function recentRepeats(watch: Watch): Repeats | undefined {
  const { baseline, policy, state } = watch
  const last = imagesSince(watch, Math.max(0, state.images - LAST))
  const { repeats } = findRepeats(last, baseline, policy)
  return repeats?.areMany === true ? repeats : undefined
}

/** Images shown of before a change, and of how many they are. */
const SHOWN = 8
const LOOKED_BACK = 64

/** Some of the last images before that number. */
export function imagesBefore(state: StreamState, end: number): Exemplars['representative'] {
  const oldest = Math.max(0, end - LOOKED_BACK)
  const step = Math.max(1, Math.ceil((end - oldest) / SHOWN))
  return Array.from({ length: SHOWN }, (_, i) => end - 1 - i * step)
    .filter((number) => number >= oldest)
    .flatMap((number) => {
      const { record, place } = recall(state, number)?.image ?? {}
      return record === undefined || place === undefined ? [] : [{ id: record.id, place }]
    })
}

/** Of the last bets those that count as normal: none of a change that was found before. */
export function normalBets(watch: Watch): NumberedBet[] {
  const { bets, recentBets } = watch.state
  const oldest = Math.max(0, bets - MOST_RECENT)
  return Array.from({ length: bets - oldest }, (_, i) => oldest + i)
    .filter((number) => recentBets.isNormal[number % MOST_RECENT] === 1)
    .map((number) => recallBet(watch, number))
}

type NumberedBet = Bet & { readonly number: number }

/** One of the last bets: of blocks as it was written down, else the image of the same number. */
function recallBet({ state, tests, reference }: Watch, number: number): NumberedBet {
  const { firstImages, bins } = state.recentBets
  if (firstImages.length === 0) {
    const { row } = recall(state, number) as ImageRow
    return { number, bins: tests.binsOf(row), firstImage: number }
  }
  const place = number % MOST_RECENT
  const width = reference.columns.length
  return {
    number,
    bins: bins.subarray(place * width, (place + 1) * width),
    firstImage: firstImages[place],
  }
}

/** Names what shows a change. */
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
  const record = recall(state, number)?.image.record
  const { id = '', timestamp } = record ?? {}
  return { number: number + 1, id, ...(timestamp !== undefined && { timestamp }) }
}
