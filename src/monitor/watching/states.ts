import { GUARD_NAMES, type GuardName } from '../guards/index.ts'
import type { StreamFacts } from '../store/index.ts'

/**
 * What a source can be doing. `insufficient-data`: too few images came to say anything. `stale-baseline`: what images are
 * compared with is old.
 */
export const SOURCE_STATES = [
  'insufficient-data',
  'ok',
  'drift',
  'recovered',
  'dependent',
  'no-data',
  'stale-baseline',
  ...GUARD_NAMES,
] as const

/** What a source is doing. */
export type SourceState = (typeof SOURCE_STATES)[number]

/** Fewer images say nothing. */
const FEWEST = 30
/** For so many images it is said that a change is over. */
const RECOVERED_FOR = 1000

/** What is known of a source beside its stream. */
export type StateOptions = {
  readonly now: number
  readonly noDataAfterMs: number | null
  /** What guards found, the first one first. */
  readonly raised?: readonly GuardName[]
  readonly isStale?: boolean
}

/** The state of a source at a time: what is wrong with its images goes before what they show. */
export function stateOf(
  { status, images, lastAt, recoveredAt }: Omit<StreamFacts, 'source' | 'evidence'>,
  { now, noDataAfterMs, raised = [], isStale = false }: StateOptions,
): SourceState {
  if (isSilent(lastAt, { now, noDataAfterMs })) return 'no-data'
  const [wrong] = raised
  if (wrong !== undefined) return wrong
  if (status === 'drift' || status === 'dependent') return status
  if (images < FEWEST) return 'insufficient-data'
  if (isStale) return 'stale-baseline'
  return recoveredAt !== null && images - recoveredAt <= RECOVERED_FOR ? 'recovered' : 'ok'
}

/** Whether nothing came for too long. */
export function isSilent(
  lastAt: number,
  { now, noDataAfterMs }: { readonly now: number; readonly noDataAfterMs: number | null },
): boolean {
  return noDataAfterMs !== null && now - lastAt > noDataAfterMs
}
