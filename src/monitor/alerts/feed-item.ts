import type { FeedItem, StoredAlert } from '../store/index.ts'

/** What became of an alert, for whoever listens live. */
export function feedItemOf(turn: string, alert: StoredAlert, at: number): FeedItem {
  const { id, monitor, source, rule, state, times, summary } = alert
  const data = JSON.stringify({ turn, id, source, rule, state, times, summary })
  return { monitor, type: 'alert', data, at }
}
