import type { MeasuredImage, Measurements } from '../../measuring/values/index.ts'
import type { StreamEvent } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { blockNames } from '../blocks.ts'
import { requireExtractor } from '../judge.ts'
import type { Policy } from '../policy.ts'
import {
  explainChange,
  type FoundChange,
  nameCarriers,
  placeOf,
  type Watch,
} from './explain-change.ts'
import { type Evidence, evidenceOf, follow } from './evidence-track.ts'
import { MOST_RECENT, remember } from './recent-images.ts'
import { readState, writeState } from './stream-file.ts'
import { completeStreamOptions, type StreamOptions, type StreamSettings } from './stream-options.ts'
import { createStreamReference } from './stream-reference.ts'
import { type OpenBlock, type OpenChange, startState } from './stream-state.ts'
import type { StreamStatus } from './stream-status.ts'
import { createStreamTests } from './stream-tests.ts'

/** What a stream needs of measurements. */
export type MeasuredRows = Pick<Measurements, 'extractorId' | 'images' | 'values'>

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
  const fresh = startState(tests, { columns: reference.columns.length, width })
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
      const { images, values } = measured
      const { blockBy } = baseline.settings
      const names =
        blockBy === undefined
          ? undefined
          : blockNames(
              images.map(({ record }) => record),
              blockBy,
            )
      return images.flatMap((image, i) =>
        takeImage(watch, {
          image,
          row: values.subarray(i * width, (i + 1) * width),
          block: names?.[i],
        }),
      )
    },
    save: () => writeState(state, key),
  }
}

/** Takes one image, or its part of a block, and asks the tests once a bet is whole. */
export function takeImage(watch: Watch, { image, row, block }: Taken): StreamEvent[] {
  const { state, reference } = watch
  const own = Float32Array.from(reference.columns, (column) => row[column])
  if (block === undefined) {
    const first = state.images
    remember(state.recent, state.images++, { image, row })
    return bet(watch, own, first)
  }
  const open = state.block
  const isOver = open !== undefined && open.name !== block
  const events = isOver ? finishBlock(watch, open) : []
  own.forEach((value, k) => (state.sums[k] += value))
  state.block = { name: block, images: (state.block?.images ?? 0) + 1 }
  remember(state.recent, state.images++, { image, row })
  return events
}

type Taken = {
  readonly image: MeasuredImage
  readonly row: Float32Array
  readonly block: string | undefined
}

/** One bet on the mean of a block's images, which depend on each other. */
function finishBlock(watch: Watch, { images }: OpenBlock): StreamEvent[] {
  const { state } = watch
  const mean = Float32Array.from(state.sums, (sum) => sum / images)
  state.block = undefined
  state.sums.fill(0)
  return bet(watch, mean, state.images - images)
}

/**
 * Images of a change among which dependent ones are looked for: they often raise an alarm before they are told. A change
 * that goes on is one, and its uneven ranks say nothing of neighbours.
 */
const LOOKED_AT = 200

/** Moves the tests by one row that begins at the image `first`, and asks them. */
function bet(watch: Watch, row: Float32Array, first: number): StreamEvent[] {
  const { state, tests } = watch
  if (state.status === 'dependent') return []
  const isWatching = state.status === 'watching'
  const place = state.bets++ % MOST_RECENT
  state.firstImages[place] = first
  state.rows.set(row, place * row.length)
  state.isNormal[place] = Number(isWatching)
  if (isWatching) tests.change.update(state.change, row)
  else tests.change.look(state.change, row)
  const evidence = tests.change.strongest(state.change)
  follow(state.track, evidence)
  if (state.open === undefined || state.images - state.open.since <= LOOKED_AT) {
    tests.dependence.update(state.dependence, state.change.pValues)
    if (tests.dependence.alarmed(state.dependence)) return [becomeDependent(watch)]
  }
  if (state.open !== undefined) return lookForRecovery(watch, state.open)
  tests.slow.forEach((test, i) => test.update(state.slow[i], row))
  if (evidence >= 1) return raise(watch, suddenChange(watch))
  const slow = tests.slow.findIndex((test, i) => test.alarmed(state.slow[i]))
  return slow < 0 ? [] : raise(watch, slowChange(watch, slow))
}

function suddenChange({ state, tests }: Watch): FoundChange {
  const carriers = strongest(tests.change.strengths(state.change))
  const firstBet = tests.change.changePoint(state.change, carriers[0].column)
  return { pace: 'sudden', carriers, firstBet }
}

function slowChange({ state, tests }: Watch, i: number): FoundChange {
  const carriers = strongest(tests.slow[i].strengths(state.slow[i]))
  return { pace: 'slow', carriers, firstBet: state.bets - tests.slow[i].length }
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
  tests.slow.forEach((test, i) => test.restart(state.slow[i]))
  if (event.kind !== 'drift') return [event]
  state.status = 'drift'
  state.open = { since: event.since.number - 1, carrier: found.carriers[0].column }
  state.recovery = tests.recovery.init()
  for (const p of pValues) tests.recovery.learn(state.recovery, p)
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

function lookForRecovery({ state, tests }: Watch, open: OpenChange): StreamEvent[] {
  tests.recovery.update(state.recovery, [state.change.pValues[open.carrier]])
  if (!tests.recovery.alarmed(state.recovery)) return []
  state.status = 'watching'
  state.open = undefined
  tests.change.reset(state.change)
  const at = placeOf(state, state.images - 1)
  return [{ kind: 'recovered', at, images: at.number - open.since }]
}

function becomeDependent({ state, tests, reference, baseline }: Watch): StreamEvent {
  state.status = 'dependent'
  const carriers = strongest(tests.dependence.strengths(state.dependence))
  return {
    kind: 'dependent',
    at: placeOf(state, state.images - 1),
    carriers: nameCarriers(carriers, { reference, baseline }),
  }
}
