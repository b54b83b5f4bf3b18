import type { StreamFacts } from '../store/index.ts'

/** What a source is doing; `insufficient-data`: too few images came to say anything. */
export type SourceState =
  | 'insufficient-data'
  | 'ok'
  | 'drift'
  | 'recovered'
  | 'dependent'
  | 'no-data'

/** Fewer images say nothing. */
const FEWEST = 30
/** For so many images it is said that a change is over. */
const RECOVERED_FOR = 1000

/** The state of a source at a time. */
export function stateOf(
  { status, images, lastAt, recoveredAt }: StreamFacts,
  { now, noDataAfterMs }: { readonly now: number; readonly noDataAfterMs: number | null },
): SourceState {
  if (isSilent(lastAt, { now, noDataAfterMs })) return 'no-data'
  if (status === 'drift' || status === 'dependent') return status
  if (images < FEWEST) return 'insufficient-data'
  return recoveredAt !== null && images - recoveredAt <= RECOVERED_FOR ? 'recovered' : 'ok'
}

/** Whether nothing came for too long. */
export function isSilent(
  lastAt: number,
  { now, noDataAfterMs }: { readonly now: number; readonly noDataAfterMs: number | null },
): boolean {
  return noDataAfterMs !== null && now - lastAt > noDataAfterMs
}
