import { DriftError } from '../errors.ts'
import type { PolicyInput } from '../judging/index.ts'

/** The two ways to say when to alarm; at most one may be given. */
export type PolicyFlags = { readonly threshold?: number; readonly falseAlarmRate?: number }

/** The policy the flags ask for, or undefined when they ask for none. */
export function choosePolicy({ threshold, falseAlarmRate }: PolicyFlags): PolicyInput | undefined {
  if (threshold !== undefined && falseAlarmRate !== undefined) {
    throw new DriftError('config.invalid', 'expected --threshold or --false-alarm-rate, got both', {
      hint: 'The first is the published rule (relative rise of the loss), the second a test with a stated false-alarm rate.',
    })
  }
  if (threshold !== undefined) return { kind: 'relative', increase: threshold }
  if (falseAlarmRate === undefined) return undefined
  return { kind: 'false-alarm-rate', rate: falseAlarmRate }
}
