import type { StreamCarrier, StreamEvent, StreamPlace } from '../verdict/index.ts'
import { describe } from './describe.ts'
import { tellChange } from './findings.ts'
import { formatCount, formatCountOf } from './number-format.ts'
import { placeChangeOf } from './place-changes.ts'
import { manyRepeats, tellRepeats } from './repeats-words.ts'
import { sentence } from './text-layout.ts'

/** An event of a stream as a person reads it. */
export type StreamWords = {
  /** One sentence, or two. */
  readonly summary: string
  /** What changed, most telling first; empty where nothing did. */
  readonly findings: readonly string[]
}

/** Puts an event of a stream into words. */
export function describeStreamEvent(event: StreamEvent): StreamWords {
  switch (event.kind) {
    case 'drift':
      return {
        summary: `${repeatedSince(event)}${sinceWhen(event)} images no longer look like the reference; sure from ${imageAt(event.at)} on.`,
        findings: findingsOf(event),
      }
    case 'recovered':
      return {
        summary: `Images look like the reference again, as of ${imageAt(event.at)}: the change lasted about ${formatCountOf(event.images, 'image')}.`,
        findings: [],
      }
    case 'tolerated':
      return {
        summary: `${sinceWhen(event)} images changed in a way that is tolerated.`,
        findings: [],
      }
    case 'dependent':
      return {
        summary:
          event.repeats !== undefined
            ? `Of the last images, up to ${imageAt(event.at)}, ${tellRepeats(event.repeats)}. Alarms would mean nothing, and none is raised any more: mend the feed and start anew.`
            : event.changes === undefined
              ? `Images that follow each other are alike, up to ${imageAt(event.at)}: alarms would mean nothing, and none is raised any more. Fit with --block-by and the column that tells which images belong together (a session, a burst), or send every hundredth image only.`
              : restless(event.at, event.changes),
        findings: [],
      }
  }
}

/** What repeats among the images of a change comes first. */
function repeatedSince({ judgement }: Extract<StreamEvent, { readonly kind: 'drift' }>): string {
  const repeats = manyRepeats(judgement)
  return repeats === undefined
    ? ''
    : sentence(`of the images since, ${tellRepeats(repeats)}`).concat(' ')
}

function restless(
  at: StreamPlace,
  { count, images }: { readonly count: number; readonly images: number },
): string {
  return `Images changed and changed back ${formatCount(count)} times within ${formatCount(images)} images, up to ${imageAt(at)}: stretches of them are alike, so that single alarms mean little, and none is raised any more. Take a reference that has all such stretches and fit with --block-by and the column that tells them apart, or send images in random order.`
}

function sinceWhen({
  since,
  at,
  ...event
}: Extract<StreamEvent, { readonly since: unknown }>): string {
  const slowly = event.kind === 'drift' && event.pace === 'slow'
  if (slowly) {
    return `Slowly, over the ${formatCount(at.number - since.number + 1)} images up to ${at.id},`
  }
  const between =
    since.from === since.to
      ? ''
      : ` (between the ${ordinal(since.from)} and the ${ordinal(since.to)})`
  return `Since ${imageAt(since)}${between}`
}

function imageAt({ number, id, timestamp }: StreamPlace): string {
  const when = timestamp === undefined ? '' : `, ${timestamp}`
  return `the ${ordinal(number)} image (${id}${when})`
}

function ordinal(number: number): string {
  const [tens, ones] = [number % 100, number % 10]
  const ending = tens > 10 && tens < 14 ? 'th' : (['th', 'st', 'nd', 'rd'][ones] ?? 'th')
  return `${formatCount(number)}${ending}`
}

/** Of few images the batch test says nothing by itself; the features that raised the alarm do. */
function findingsOf({
  carriers,
  judgement,
  places,
}: Extract<StreamEvent, { readonly kind: 'drift' }>): readonly string[] {
  const { findings } = describe(judgement)
  const place = placeChangeOf(places)
  if (place !== undefined) {
    const told = tellChange({ ...place, relative: '', extent: '' })
    return [told, ...(judgement.drift ? findings : [])]
  }
  if ((judgement.drift || manyRepeats(judgement) !== undefined) && findings.length > 0)
    return findings
  const titles = new Map(judgement.features.map(({ name, title }) => [name, title]))
  return carriers
    .slice(0, 3)
    .map(({ name }: StreamCarrier) => `${titles.get(name) ?? name} differs`)
}

/** What a source is doing, where it is more than being watched; the empty name stands for all together. */
export function describeStatus(source: string, status: string): string {
  return `${source === '' ? 'now' : source}: ${STATUS[status] ?? status}`
}

const STATUS: Readonly<Record<string, string>> = {
  drift: 'the change goes on',
  dependent: 'images depend on each other, so nothing is watched',
}
