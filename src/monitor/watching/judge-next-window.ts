import type { Verdict } from '../../verdict/index.ts'
import { toJudge } from './counted-images.ts'
import type { Happening } from './happening.ts'
import type { LeasedPorts, WatchedMonitor } from './watched.ts'

/** Judges the first window that waits for it; false where none does. */
export async function judgeNextWindow(
  { id, detector, settings }: WatchedMonitor,
  { store, judges, clock, lease, onFound, onCommitted }: LeasedPorts,
): Promise<boolean> {
  const window = await store.events.unjudged(id)
  if (window === undefined) return false
  const { first, last } = window
  const images = await store.watching.counted(id, first, last)
  const skipped = await store.watching.leftOut(id, first - 1, last - 1)
  const at = clock().getTime()
  const verdict = await judges.judge({
    detector,
    monitor: id,
    images: await toJudge(images, store),
    skipped: skipped.map(({ predictionId, code, message, number }) => ({
      id: predictionId,
      code,
      message,
      place: number,
    })),
    at,
  })
  const happenings = [happeningOf(id, verdict, { alertOnWindows: settings.alertOnWindows, at })]
  const { severity } = verdict.judgement
  await store.holding(lease, async (tables) => {
    const isFirst = await tables.events.judged({
      ...window,
      verdict: JSON.stringify(verdict),
      severity,
    })
    if (isFirst) await onFound(tables, happenings)
  })
  onCommitted({ monitor: id, counted: 0, leftOut: 0, happenings })
  return true
}

const KINDS = { drift: 'window-drift', warning: 'window-warning' } as const

function happeningOf(
  monitor: string,
  { judgement: { severity, exemplars }, words }: Verdict,
  { alertOnWindows, at }: { readonly alertOnWindows: boolean; readonly at: number },
): Happening {
  const isTold = severity === 'warning' || (severity === 'drift' && alertOnWindows)
  return {
    kind: isTold ? KINDS[severity] : 'window-ok',
    monitor,
    source: '',
    summary: words.summary,
    findings: words.findings,
    images: exemplars.representative.slice(0, 3).map(({ place }) => place),
    at,
  }
}
