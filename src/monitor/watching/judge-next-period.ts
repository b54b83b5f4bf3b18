import { LARGEST_SAMPLE } from '../../measuring/values/index.ts'
import type { Verdict } from '../../verdict/index.ts'
import { toJudge } from './counted-images.ts'
import type { Happening, HappeningKind } from './happening.ts'
import type { LeasedPorts, WatchedMonitor } from './watched.ts'

/** Judges the first closed window by time that waits for it; false where none does. */
export async function judgeNextPeriod(
  { id, detector, settings }: WatchedMonitor,
  { store, judges, clock, lease, onFound, onCommitted }: LeasedPorts,
): Promise<boolean> {
  const period = await store.periods.unjudged(id)
  if (period === undefined || period.last === null) return false
  const images = await store.watching.ofPeriod({ ...period, last: period.last }, LARGEST_SAMPLE)
  const at = clock().getTime()
  const verdict = await judges.judge({
    detector,
    monitor: id,
    images: await toJudge(images, store),
    of: period.images,
    skipped: [],
    at,
  })
  const { severity } = verdict.judgement
  const isTold = severity === 'drift' && settings.alertOnWindows
  const kind = `${period.kind}-window-${isTold ? 'drift' : 'ok'}` as const
  const happenings = [happeningOf(id, verdict, { kind, at })]
  await store.holding(lease, async (tables) => {
    const facts = { verdict: JSON.stringify(verdict), severity }
    if (await tables.periods.judged(period.id, facts)) await onFound(tables, happenings)
  })
  onCommitted({ monitor: id, counted: 0, leftOut: 0, happenings })
  return true
}

function happeningOf(
  monitor: string,
  { judgement: { exemplars }, words }: Verdict,
  { kind, at }: { readonly kind: HappeningKind; readonly at: number },
): Happening {
  const images = exemplars.representative.slice(0, 3).map(({ place }) => place)
  const { summary, findings } = words
  return { kind, monitor, source: '', summary, findings, images, at }
}
