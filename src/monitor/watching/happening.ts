import type { FamilyEvent } from '../../judging/index.ts'
import { describeStreamEvent } from '../../wording/index.ts'

/** What somebody may want to hear of. */
export type HappeningKind =
  | FamilyEvent['kind']
  | 'no-data'
  | 'data'
  | 'window-drift'
  | 'window-warning'
  | 'window-ok'

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
