import type { StoredAlert } from '../../src/monitor/store/index.ts'

/** An open alert of the monitor `m`, of which nobody was told yet. */
export function storedAlert(more: Partial<StoredAlert> = {}): StoredAlert {
  return {
    id: 'a',
    monitor: 'm',
    source: '',
    rule: 'drift',
    state: 'open',
    openedAt: 1,
    changedAt: 1,
    times: 1,
    summary: 's',
    findings: [],
    told: null,
    mute: null,
    ...more,
  }
}
