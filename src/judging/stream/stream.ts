import type { Measurements } from '../../measuring/values/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { blockNames } from '../blocks.ts'
import { requireExtractor } from '../judge.ts'
import type { Policy } from '../policy.ts'
import {
  explainChange,
  type FoundChange,
  imagesSince,
  nameCarriers,
  placeOf,
  recentRepeats,
  type Watch,
} from './explain-change.ts'
import { type Evidence, evidenceOf, follow } from './evidence-track.ts'
import { type Bet, rememberBet } from './recent-bets.ts'
import { remember } from './recent-images.ts'
import { readState, writeState } from './stream-file.ts'
import { completeStreamOptions, type StreamOptions, type StreamSettings } from './stream-options.ts'
import { createStreamReference } from './stream-reference.ts'
import { type OpenBlock, type OpenChange, startState } from './stream-state.ts'
import type { StreamStatus } from './stream-status.ts'
import { createStreamTests } from './stream-tests.ts'
import {
  explainPlaces,
  findPlaces,
  type FoundPlaces,
  movePlaces,
  strongestPlace,
} from './watch-places.ts'

/** What a stream needs of measurements. */
export type MeasuredRows = Pick<Measurements, 'extractorId' | 'images' | 'values' | 'places'>

/** Images watched one after the other; its memory doesn't grow with them. */
export type Stream = {
  readonly settings: StreamSettings
  readonly status: StreamStatus
  /** Readable images so far. */
  readonly images: number
  /** How strong the evidence was over its whole length; 1 alarms. */
  readonly evidence: Evidence
  /**
   * Takes images in the order in which they were made; returns what happened meanwhile. Throws
   * DriftError('config.invalid') where they were measured by another extractor.
   */
  take(measured: MeasuredRows): StreamEvent[]
  /** So many of the last images as a batch, at most 1,000: as far as they are remembered. */
  last(count: number): Measurements
  /** Everything it remembers: a stream restored from it goes on bit for bit the same. */
  save(): Uint8Array<ArrayBuffer>
}

/**
 * Watches images against a baseline: an alarm as soon as the evidence is sure, no more false ones than stated while the
 * images are as those of the reference, in any order. `saved`, if given, is what `save` wrote with the same baseline and
 * options; throws DriftError('config.invalid') where it is not.
 */
// oxlint-disable-next-line eslint/max-params -- two values, options and what was saved
export function openStream(
  baseline: Baseline,
  policy: Policy,
  options: StreamOptions = {},
  saved?: Uint8Array,
): Stream {
  const settings = completeStreamOptions(options)
  const reference = createStreamReference(baseline)
  const tests = createStreamTests(reference, settings)
  const width = baseline.table.columns.length
  const { blockBy } = baseline.settings
  const hasBlocks = blockBy !== undefined
  const fresh = startState(tests, { width, columns: reference.columns.length, hasBlocks })
  const key = { baseline: baseline.id, settings }
  const state = saved === undefined ? fresh : readState(saved, fresh, key)
  const watch: Watch = { baseline, policy, settings, reference, tests, state }
  return {
    settings,
    get status() {
      return state.status
    },
    get images() {
      return state.images
    },
    get evidence() {
      return evidenceOf(state.track)
    },
    take(measured) {
      requireExtractor(baseline.extractorId, measured)
      if (blockBy === undefined) return takeImages(watch, measured)
      const records = measured.images.map(({ record }) => record)
      return takeBlocks(watch, measured, blockNames(records, blockBy))
    },
    last: (count) => imagesSince(watch, Math.max(0, state.images - count)),
    save: () => writeState(state, key),
  }
}

/** Takes images that are a bet each. */
export function takeImages(watch: Watch, { images, values, places }: Rows): StreamEvent[] {
  const { state, tests, reference } = watch
  const bins = tests.binsOf(values)
  const cells = (places?.length ?? 0) / images.length
  return images.flatMap((image, i) => {
    const firstImage = state.images++
    remember(state.recent, firstImage, { image, row: rowOf(values, i, reference.width) })
    return makeBet(watch, {
      bins: rowOf(bins, i, reference.columns.length),
      firstImage,
      places: places && rowOf(places, i, cells),
    })
  })
}

/** Takes images that are a bet together with the others of their block, once that is finished. */
export function takeBlocks(
  watch: Watch,
  { images, values }: Rows,
  blocks: readonly string[],
): StreamEvent[] {
  const { state, reference } = watch
  return images.flatMap((image, i) => {
    const open = state.block
    const isOver = open !== undefined && open.name !== blocks[i]
    const events = isOver ? finishBlock(watch, open) : []
    const row = rowOf(values, i, reference.width)
    row.forEach((value, k) => (state.sums[k] += value))
    state.block = { name: blocks[i], images: (state.block?.images ?? 0) + 1 }
    remember(state.recent, state.images++, { image, row })
    return events
  })
}

type Rows = Pick<MeasuredRows, 'images' | 'values' | 'places'>

const rowOf = <Values extends Float32Array | Uint16Array | Int8Array>(
  values: Values,
  row: number,
  width: number,
): Values => values.subarray(row * width, (row + 1) * width) as Values

/** One bet on the mean of a block's images, which depend on each other. */
function finishBlock(watch: Watch, { images }: OpenBlock): StreamEvent[] {
  const { state, tests } = watch
  const mean = Float32Array.from(state.sums, (sum) => sum / images)
  state.block = undefined
  state.sums.fill(0)
  return makeBet(watch, { bins: tests.binsOf(mean), firstImage: state.images - images })
}

/**
 * Images of a change among which dependent ones are looked for: they often raise an alarm before they are told. A change
 * that goes on is one, and its uneven ranks say nothing of neighbours.
 */
const LOOKED_AT = 200

/** Moves the tests by one bet, and asks them. */
function makeBet(watch: Watch, bet: Bet): StreamEvent[] {
  const { state, tests } = watch
  if (state.status === 'dependent') return []
  const isWatching = state.status === 'watching'
  rememberBet(state.recentBets, { number: state.bets++, isNormal: isWatching }, bet)
  if (isWatching) tests.change.update(state.change, bet.bins)
  else tests.change.look(state.change, bet.bins)
  movePlaces(watch, bet.places)
  const evidence = tests.change.strongest(state.change)
  follow(state.track, Math.max(evidence, strongestPlace(watch)))
  if (state.open === undefined || state.images - state.open.since <= LOOKED_AT) {
    tests.dependence.update(state.dependence, state.change.pValues)
    if (tests.dependence.alarmed(state.dependence)) return [becomeDependent(watch)]
  }
  if (state.open !== undefined) return lookForRecovery(watch, state.open, bet)
  tests.slow.update(state.slow, bet.bins)
  if (evidence >= 1) return raise(watch, suddenChange(watch))
  const window = tests.slow.alarming(state.slow)
  if (window >= 0) return raise(watch, slowChange(watch, window))
  const places = findPlaces(watch, CLEAR)
  return places === undefined ? [] : raisePlaces(watch, places)
}

function suddenChange({ state, tests }: Watch): FoundChange {
  const carriers = strongest(tests.change.strengths(state.change))
  const firstBet = tests.change.changePoint(state.change, carriers[0].column)
  return { pace: 'sudden', carriers, firstBet }
}

function slowChange({ state, tests }: Watch, window: number): FoundChange {
  const carriers = strongest(tests.slow.strengths(state.slow, window))
  return { pace: 'slow', carriers, firstBet: state.bets - tests.slow.windows[window].length }
}

/** Watched columns that are named, beyond the first only where they speak clearly too. */
const NAMED = 8
const CLEAR = 0.01

function strongest(strengths: Float64Array): FoundChange['carriers'] {
  return Array.from(strengths, (strength, column) => ({ column, strength }))
    .toSorted((a, b) => b.strength - a.strength)
    .slice(0, NAMED)
    .filter(({ strength }, i) => i === 0 || strength > CLEAR)
}

function raise(watch: Watch, found: FoundChange): StreamEvent[] {
  const { state, tests } = watch
  const { event, pValues } = explainChange(watch, found)
  tests.change.reset(state.change)
  tests.slow.restart(state.slow)
  if (event.kind !== 'drift') return [event]
  state.recovery = tests.recovery.init()
  for (const p of pValues) tests.recovery.learn(state.recovery, p)
  return drift(watch, event, { carrier: found.carriers[0].column })
}

/** By what the test that found it has learned it is seen whether the change is over. */
function raisePlaces(watch: Watch, found: FoundPlaces): StreamEvent[] {
  const { state, tests } = watch
  const event = explainPlaces(watch, found)
  tests.change.reset(state.change)
  tests.slow.restart(state.slow)
  state.recovery = tests.places[found.test].recovery.init()
  return drift(watch, event, { carrier: found.carriers[0].map, places: found.test })
}

// oxlint-disable-next-line eslint/max-params -- two values, and what recovery is read from
function drift(watch: Watch, event: Drift, by: Omit<OpenChange, 'since'>): StreamEvent[] {
  const { state, tests } = watch
  state.status = 'drift'
  state.open = { since: event.since.number - 1, ...by }
  tests.places.forEach(({ change }, i) => i !== by.places && change.restart(state.places[i]))
  return isRestless(watch, event.at.number) ? [event, becomeRestless(watch, event)] : [event]
}

/** The stated rate allows two alarms in so many images on average: eight come by chance once in a thousand times. */
const RESTLESS_SHARE = 2
const RESTLESS_IMAGES = 10_000

/** Whether this alarm is one of many in a short time. */
function isRestless({ state, settings }: Watch, number: number): boolean {
  const { alarms } = state
  alarms.copyWithin(0, 1)
  alarms[alarms.length - 1] = number
  const short = Math.min(RESTLESS_IMAGES, RESTLESS_SHARE * settings.falseAlarmEvery)
  return number - alarms[0] < short
}

function becomeRestless({ state }: Watch, event: Drift): StreamEvent {
  const { alarms } = state
  state.status = 'dependent'
  state.open = undefined
  const changes = { count: alarms.length, images: event.at.number - alarms[0] + 1 }
  return { kind: 'dependent', at: event.at, carriers: event.carriers, changes }
}

type Drift = Extract<StreamEvent, { readonly kind: 'drift' }>

// oxlint-disable-next-line eslint/max-params -- two values, and the image that came
function lookForRecovery(watch: Watch, open: OpenChange, { places }: Bet): StreamEvent[] {
  const { state, tests } = watch
  const isOfPlaces = open.places !== undefined
  if (isOfPlaces && places === undefined) return []
  const { pValues } = isOfPlaces ? state.places[open.places].change : state.change
  const recovery = isOfPlaces ? tests.places[open.places].recovery : tests.recovery
  recovery.update(state.recovery, [pValues[open.carrier]])
  if (!recovery.alarmed(state.recovery)) return []
  state.status = 'watching'
  state.open = undefined
  tests.change.reset(state.change)
  tests.places.forEach(({ change }, i) => change.restart(state.places[i]))
  const at = placeOf(state, state.images - 1)
  return [{ kind: 'recovered', at, images: at.number - open.since }]
}

function becomeDependent(watch: Watch): StreamEvent {
  const { state, tests, reference, baseline } = watch
  state.status = 'dependent'
  const carriers = strongest(tests.dependence.strengths(state.dependence))
  const repeats = recentRepeats(watch)
  return {
    kind: 'dependent',
    at: placeOf(state, state.images - 1),
    carriers: nameCarriers(carriers, { reference, baseline }),
    ...(repeats && { repeats }),
  }
}
