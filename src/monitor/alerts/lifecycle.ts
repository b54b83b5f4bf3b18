import type { StoredAlert } from '../store/index.ts'
import { GUARD_NAMES, type GuardName } from '../guards/index.ts'
import type { Happening, HappeningKind } from '../watching/index.ts'
import type { AlertTurn } from './alert-message.ts'

type Rule =
  | 'drift'
  | 'dependent'
  | 'no-data'
  | 'window'
  | 'time-window'
  | 'sliding-window'
  | 'unreadable'
  | 'accuracy'
  | 'stale-baseline'
  | GuardName

/** Which alerts something opens, and which are over with it. */
type Effect = { readonly opens?: Rule; readonly resolves?: readonly Rule[] }

/** Of what guards find each opens and resolves an alert of its own. */
type GuardKind = GuardName | `${GuardName}-over`

const OWN_EFFECTS: { readonly [kind in Exclude<HappeningKind, GuardKind>]: Effect } = {
  drift: { opens: 'drift' },
  recovered: { resolves: ['drift'] },
  // No recovery would be seen any more.
  dependent: { opens: 'dependent', resolves: ['drift'] },
  tolerated: {},
  restored: {},
  'no-data': { opens: 'no-data' },
  data: { resolves: ['no-data'] },
  'accuracy-low': { opens: 'accuracy' },
  'accuracy-ok': { resolves: ['accuracy'] },
  'stale-baseline': { opens: 'stale-baseline' },
  'fresh-baseline': { resolves: ['stale-baseline'] },
  'window-drift': { opens: 'window' },
  'window-warning': { opens: 'unreadable', resolves: ['window'] },
  'time-window-drift': { opens: 'time-window' },
  'time-window-ok': { resolves: ['time-window'] },
  'sliding-window-drift': { opens: 'sliding-window' },
  'sliding-window-ok': { resolves: ['sliding-window'] },
  'window-ok': { resolves: ['window', 'unreadable'] },
}

const GUARD_EFFECTS = Object.fromEntries(
  GUARD_NAMES.flatMap((name): [GuardKind, Effect][] => [
    [name, { opens: name }],
    [`${name}-over`, { resolves: [name] }],
  ]),
) as { readonly [kind in GuardKind]: Effect }

/** What follows from what is found. */
export const EFFECTS: { readonly [kind in HappeningKind]: Effect } = {
  ...OWN_EFFECTS,
  ...GUARD_EFFECTS,
}

/** An alert as it is from now on, and what became of it. */
export type Turn = { readonly turn: AlertTurn; readonly alert: StoredAlert }

/** What was resolved so recently is the same alert when it comes again. */
const REOPENED_WITHIN_MS = 3600 * 1000

/** Opens an alert, or opens it again; undefined where it is open already. */
export function openAlert(
  latest: StoredAlert | undefined,
  { monitor, source, summary, findings, at }: Happening,
  { id, rule }: { readonly id: string; readonly rule: string },
): Turn | undefined {
  if (latest !== undefined && latest.state !== 'resolved') return undefined
  const said = { summary, findings, changedAt: at, state: 'open' as const }
  if (latest !== undefined && at - latest.changedAt <= REOPENED_WITHIN_MS) {
    return { turn: 'reopened', alert: { ...latest, ...said, times: latest.times + 1 } }
  }
  // Who wants to hear nothing of this source and rule means the next one too.
  const mute = latest?.mute ?? null
  return {
    turn: 'opened',
    alert: { id, monitor, source, rule, openedAt: at, times: 1, told: null, mute, ...said },
  }
}

/** Resolves an alert; undefined where there is nothing to resolve. */
export function resolveAlert(
  latest: StoredAlert | undefined,
  { summary, at }: Pick<Happening, 'summary' | 'at'>,
): Turn | undefined {
  if (latest === undefined || latest.state === 'resolved') return undefined
  return {
    turn: 'resolved',
    alert: { ...latest, state: 'resolved', changedAt: at, summary, findings: [] },
  }
}

/** Takes note that somebody looks into it; undefined where it is not open. */
export function acknowledgeAlert(latest: StoredAlert, at: number): StoredAlert | undefined {
  return latest.state === 'open' ? { ...latest, state: 'acknowledged', changedAt: at } : undefined
}
