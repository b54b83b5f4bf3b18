import { formatMoment } from '../../wording/index.ts'
import type { DetectorFacts, Store, Tables } from '../store/index.ts'
import type { Happening } from './happening.ts'
import type { WatchedMonitor } from './watched.ts'

const DAY_MS = 24 * 3600 * 1000

type Age = { readonly now: number; readonly staleAfterDays: number | null }

/** Whether a detector is old, or the last image of its reference is, where images say when they were made. */
export function isStale(facts: DetectorFacts, age: Age): boolean {
  return staleSince(facts, age) !== undefined
}

/** Since when; undefined where it is not. */
function staleSince(
  { fittedAt, referenceUntil }: DetectorFacts,
  { now, staleAfterDays }: Age,
): number | undefined {
  if (staleAfterDays === null) return undefined
  const times = [fittedAt, referenceUntil].flatMap((text) =>
    text === undefined ? [] : [Date.parse(text) + staleAfterDays * DAY_MS],
  )
  const first = Math.min(...times)
  return first < now ? first : undefined
}

type Ports = {
  readonly store: Store
  readonly now: number
  readonly onFound: (tables: Tables, happenings: readonly Happening[]) => Promise<void>
}

/** Finds a monitor whose baseline has become old, and one whose is no longer; returns what is new of that. */
export async function lookForStaleness(
  { id, detector, settings }: WatchedMonitor,
  { store, now, onFound }: Ports,
): Promise<Happening[]> {
  const facts = (await store.monitors.detectorFacts(detector)) ?? {}
  const since = staleSince(facts, { ...settings, now })
  const told = await store.alerts.latest({ monitor: id, source: '', rule: 'stale-baseline' })
  const isOpen = told !== undefined && told.state !== 'resolved'
  // Somebody may have resolved it: it is said once.
  const isSaid = told !== undefined && since !== undefined && told.changedAt >= since
  if (since === undefined ? !isOpen : isOpen || isSaid) return []
  const happenings = [describe(id, { facts, isStale: since !== undefined, now })]
  await store.within((tables) => onFound(tables, happenings))
  return happenings
}

function describe(
  monitor: string,
  {
    facts: { fittedAt, referenceUntil },
    isStale: isOld,
    now,
  }: { readonly facts: DetectorFacts; readonly isStale: boolean; readonly now: number },
): Happening {
  const fitted = fittedAt === undefined ? [] : [`The detector was fitted ${formatMoment(fittedAt)}`]
  const made =
    referenceUntil === undefined
      ? []
      : [`the last image of its reference was made ${formatMoment(referenceUntil)}`]
  return {
    kind: isOld ? 'stale-baseline' : 'fresh-baseline',
    monitor,
    source: '',
    summary: isOld
      ? 'What images are compared with is old: fit a detector on newer ones, or take newer ones for its reference.'
      : 'What images are compared with is no longer taken for old.',
    findings: isOld ? [[...fitted, ...made].join(', ')] : [],
    images: [],
    at: now,
  }
}
