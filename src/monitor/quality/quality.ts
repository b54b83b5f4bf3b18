import type { Clock } from '../../detector/index.ts'
import { openCalendar } from '../calendar/index.ts'
import type { AnswersOptions, Store, Tables } from '../store/index.ts'
import type { Committed, Happening, WatchedMonitor } from '../watching/index.ts'
import { describeTurn } from './describe-turn.ts'
import { type QualityReport, reportQuality } from './report-quality.ts'
import { ruleOf } from './rule.ts'
import { type SaidTruth, takeGroundTruth, type TruthReceipt } from './take-ground-truth.ts'

/** How often the model is right, as far as the truth is known. */
export type Quality = {
  /** Resolves once all is stored for good. */
  take(monitor: WatchedMonitor, truths: readonly SaidTruth[]): Promise<TruthReceipt[]>
  /** Counts what waited for its image, where that has come. */
  settle(monitor: WatchedMonitor): Promise<void>
  report(monitor: WatchedMonitor, options: AnswersOptions): Promise<QualityReport>
}

export type QualityPorts = {
  readonly store: Store
  readonly clock: Clock
  /** Within the transaction: what follows from it happens with it or not at all. */
  readonly onFound: (tables: Tables, happenings: readonly Happening[]) => Promise<void>
  readonly onCommitted: (step: Committed) => void
}

/** Of one transaction. */
const TOGETHER = 500

/** Counts answers, and finds where there are too few right ones. */
export function openQuality({ store, clock, onFound, onCommitted }: QualityPorts): Quality {
  const take: Quality['take'] = async ({ id, detector, settings }, truths) => {
    const facts = await store.monitors.detectorFacts(detector)
    const at = clock().getTime()
    const options = {
      monitor: id,
      classNames: facts?.classNames,
      calendar: openCalendar(settings.timeZone),
      rule: ruleOf(settings),
      at,
    }
    const { receipts, happenings } = await store.within(async (tables) => {
      const taken = await takeGroundTruth(tables, truths, options)
      const found = taken.turns.map((turn) => describeTurn(id, turn, { rule: options.rule, at }))
      await onFound(tables, found)
      return { receipts: taken.receipts, happenings: found }
    })
    onCommitted({ monitor: id, counted: 0, leftOut: 0, happenings })
    return receipts
  }
  return {
    take,
    settle: async (monitor) => {
      for (;;) {
        const arrived = await store.groundTruth.arrived(monitor.id, TOGETHER)
        if (arrived.length > 0) await take(monitor, arrived)
        if (arrived.length < TOGETHER) return
      }
    },
    report: (monitor, options) => reportQuality(store, monitor, options),
  }
}
