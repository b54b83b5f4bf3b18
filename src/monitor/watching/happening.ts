import type { FamilyEvent } from '../../judging/index.ts'
import { GUARD_NAMES, type GuardName } from '../guards/index.ts'
import type { FeedItem, PeriodKind, StoredEvent } from '../store/index.ts'
import { describeStreamEvent } from '../../wording/index.ts'
import type { FoundByGuards } from './watching-messages.ts'

/** What somebody may want to hear of. */
export type HappeningKind =
  | FamilyEvent['kind']
  | ServiceFinding
  | 'data'
  | 'window-drift'
  | 'window-warning'
  | 'window-ok'
  | `${PeriodKind}-window-${'drift' | 'ok'}`

/** What the service itself finds, beside streams and windows. */
export const SERVICE_FINDINGS: readonly ServiceFinding[] = [
  'no-data',
  'accuracy-low',
  'accuracy-ok',
  'stale-baseline',
  'fresh-baseline',
  'restored',
  ...GUARD_NAMES.flatMap((name) => [name, `${name}-over`] as const),
]

/** What the service itself finds. */
export type ServiceFinding =
  | 'no-data'
  | 'accuracy-low'
  | 'accuracy-ok'
  | 'stale-baseline'
  | 'fresh-baseline'
  | 'restored'
  | GuardName
  | `${GuardName}-over`

/** Something that was found of a source; the empty name stands for all together. */
export type Happening = {
  readonly kind: HappeningKind
  readonly monitor: string
  readonly source: string
  readonly summary: string
  /** What changed, most telling first. */
  readonly findings: readonly string[]
  /** Numbers of images that show it. */
  readonly images: readonly number[]
  /** Milliseconds since 1970. */
  readonly at: number
}

/** As an event that is listed; undefined where it is no event, or stored with its stream. */
export function findingOf(happening: Happening): Omit<StoredEvent, 'id'> | undefined {
  const { kind, monitor, source, summary, findings, images, at } = happening
  if (!SERVICE_FINDINGS.some((own) => own === kind)) return undefined
  const event = JSON.stringify({ summary, findings, images } satisfies StoredFinding)
  return { monitor, source, kind, event, toldAt: at }
}

/** As those who listen live are told; undefined where it is no news. */
export function newsOf(happening: Happening): FeedItem | undefined {
  const { kind, monitor, at, ...said } = happening
  if (kind === 'data') return undefined
  const type = kind.includes('window-') ? 'window' : 'event'
  return { monitor, type, data: JSON.stringify({ kind, ...said }), at }
}

/** What is stored of an event that is none of a stream. */
export type StoredFinding = Pick<Happening, 'summary' | 'findings' | 'images'>

/** What a guard found, in words. */
export function guardHappening(
  monitor: string,
  { source, name, isRaised, summary, images }: FoundByGuards,
  at: number,
): Happening {
  const kind: ServiceFinding = isRaised ? name : `${name}-over`
  return { kind, monitor, source, summary, findings: [], images, at }
}

/** An event of a stream in words. */
export function happeningOf(
  monitor: string,
  { source, ...event }: FamilyEvent,
  at: number,
): Happening {
  const { summary, findings } = describeStreamEvent(event)
  const images = event.kind === 'drift' ? event.judgement.exemplars.representative : []
  return {
    kind: event.kind,
    monitor,
    source,
    summary,
    findings,
    images: images.slice(0, 3).map(({ place }) => place),
    at,
  }
}
