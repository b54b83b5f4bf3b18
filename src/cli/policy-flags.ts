import type { Policy } from '../detector/index.ts'
import { DriftError } from '../errors.ts'
import { parseShare } from './image-arguments.ts'

export type PolicyFlags = { readonly threshold?: string; readonly falseAlarmRate?: string }

/** The policy the flags ask for, or undefined when they ask for none. */
export function parsePolicy({ threshold, falseAlarmRate }: PolicyFlags): Policy | undefined {
  if (threshold !== undefined && falseAlarmRate !== undefined) {
    throw new DriftError('config.invalid', 'expected --threshold or --false-alarm-rate, got both', {
      hint: 'The first is the published rule (relative rise of the loss), the second a test with a stated false-alarm rate.',
    })
  }
  if (threshold !== undefined) return { kind: 'relative', increase: parseShare('--threshold', threshold) }
  if (falseAlarmRate === undefined) return undefined
  return { kind: 'false-alarm-rate', rate: parseShare('--false-alarm-rate', falseAlarmRate) }
}
