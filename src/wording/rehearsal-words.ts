import type {
  Rehearsal,
  RehearsalWatch,
  RehearsedChange,
  RehearsedHistory,
} from '../verdict/index.ts'
import { formatCount, formatCountOf, formatNumber, formatPercent } from './number-format.ts'
import { describeStreamEvent } from './stream-words.ts'

/** A rehearsal as a person reads it. */
export type RehearsalWords = {
  readonly headline: string
  /** One or two sentences. */
  readonly summary: string
  /** What would have been told of the past images. */
  readonly told: readonly string[]
  /** What would be missed, gravest first: of changes that not even their strongest form gives away. */
  readonly missed: readonly string[]
  readonly notes: readonly string[]
}

/** Puts a rehearsal into words. */
export function describeRehearsal(rehearsal: Rehearsal): RehearsalWords {
  return {
    headline: headlineOf(rehearsal),
    summary: summaryOf(rehearsal),
    told: toldOf(rehearsal),
    missed: missedOf(rehearsal),
    notes: notesOf(rehearsal),
  }
}

function headlineOf({ withheld, history }: Rehearsal): string {
  if (withheld === 'different-history') return 'These images differ from the reference already'
  const alarms = alarmsOf(history)
  return alarms === 0
    ? 'Quiet on your own images'
    : `${formatCountOf(alarms, 'alarm')} on your own images`
}

const alarmsOf = ({ stream }: RehearsedHistory): number =>
  stream.events.filter(({ kind }) => kind === 'drift').length

function summaryOf({ withheld, changes, settings }: Rehearsal): string {
  switch (withheld) {
    case 'different-history':
      return 'Too many alarms come with nothing changed, so what injected changes would add says nothing. Take these images for the reference (npx pixeldrift rebaseline), then rehearse with others.'
    case 'blocks':
      return 'Images that belong together can’t be drawn one by one, so no changes were injected; what would have been told of the past is below.'
    case null: {
      const share = Math.max(...settings.shares)
      const delays = changes.flatMap(({ shares }) =>
        shares.filter((one) => one.share === share).flatMap(({ stream }) => stream.images ?? []),
      )
      const missed = changes.length - delays.length
      const found = `Of ${formatCountOf(changes.length, 'kind')} of change in ${imagesOf(share)}, ${missed === 0 ? 'all are' : `${formatCount(delays.length)} are`} found once strong enough`
      const typical =
        delays.length === 0
          ? ''
          : `, about ${formatCountOf(median(delays), 'image')} after the change`
      return `${found}${typical}. How strong each has to be is below.`
    }
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]
}

/** `all images`, `half of the images`, `10% of the images`. */
export function imagesOf(share: number): string {
  if (share === 1) return 'all images'
  return share === 0.5 ? 'half of the images' : `${formatPercent(share)} of the images`
}

function toldOf({ history, policy, settings }: Rehearsal): string[] {
  const { stream, batches, images } = history
  const events = stream.events.map((event) => describeStreamEvent(event).summary)
  const watched = `As a stream of ${formatCountOf(images, 'image')}, at one false alarm in ${formatCountOf(settings.falseAlarmEvery, 'image')}: ${events.length === 0 ? 'nothing.' : formatCountOf(events.length, 'message') + '.'}`
  const chance =
    policy.kind === 'false-alarm-rate'
      ? ` About ${formatNumber(policy.rate * batches.count, 2)} would come by chance.`
      : ''
  const judged =
    batches.count === 0
      ? `Too few for a batch of ${formatCount(batches.size)}.`
      : `In ${formatCountOf(batches.count, 'batch', 'batches')} of ${formatCount(batches.size)}: ${formatCount(batches.drift)} called drift, ${formatCount(batches.warning)} a warning.${chance}`
  return [watched, ...events, judged]
}

function missedOf({ changes }: Rehearsal): string[] {
  return changes.flatMap((change) => {
    const missed = change.shares.filter(({ stream }) => stream.smallest.kind === 'never')
    if (missed.length === 0) return []
    const widest = missed.reduce((most, one) => (one.share > most.share ? one : most))
    const { strength } = widest.stream.smallest
    return [`${titleWith(change, strength)}, in ${imagesOf(widest.share)}`]
  })
}

function notesOf({ source, settings, withheld }: Rehearsal): string[] {
  if (withheld !== null) return []
  return [
    `Changes were made in ${formatCountOf(settings.images, 'image')} of ${source.location} as they are measured, not in the files: what a change of the files themselves does is not rehearsed.`,
    `“Found” means in nine of ten runs; of a stream within ${formatCountOf(settings.within, 'image')} of the change.`,
  ]
}

/** The change at a strength: `darker by 12%`. */
export function titleWith({ title, scale }: RehearsedChange, strength: number): string {
  return title.replace('{}', shownStrength({ scale }, strength))
}

/** The change without a strength: `darker by …%`. */
export function openTitle({ title }: Pick<RehearsedChange, 'title'>): string {
  return title.replace('{}', '…')
}

/** The strength as the title has it. */
export function shownStrength({ scale }: Pick<RehearsedChange, 'scale'>, strength: number): string {
  return formatNumber(scale === 'falling' ? 100 - strength : strength, 2)
}

/** From which strength on, and how soon: `from 3.1 on (2.6 to 3.8), after 8 images`. */
export function describeWatch(
  change: Pick<RehearsedChange, 'scale'>,
  { smallest, images }: RehearsalWatch,
  way: 'stream' | 'batches',
): string {
  const shown = (strength: number): string => shownStrength(change, strength)
  const soon =
    way === 'batches' || images === null ? '' : `, after ${formatCountOf(images, 'image')}`
  switch (smallest.kind) {
    case 'found': {
      const ends = [shown(smallest.from), shown(smallest.to)]
      return `from ${shown(smallest.strength)} on (${ends.join(' to ')})${soon}`
    }
    case 'always':
      return `from ${shown(smallest.strength)} on, or weaker${soon}`
    case 'never':
      return `not at ${shown(smallest.strength)} (${formatPercent(smallest.share)})`
  }
}
