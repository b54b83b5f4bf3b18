import type { MonitorSettings } from '../watching/index.ts'
import type { AccuracyRule } from './accuracy.ts'

/**
 * Half of the false alarms are left to all together, half to the sources: an answer is of one source, so that their
 * windows together are no more than those of all.
 */
const SHARE = 1 / 2

/** When the accuracy of a monitor is too low. */
export function ruleOf({
  accuracyWindow,
  accuracyLevel,
  accuracyFloor,
  accuracyBaseline,
}: MonitorSettings): AccuracyRule {
  return {
    windowSize: accuracyWindow,
    level: SHARE * accuracyLevel,
    floor: accuracyFloor,
    baselineSize: accuracyBaseline,
  }
}
