import type { StoredAlert, Store } from '../store/index.ts'
import type { AlertTurn } from './alert-message.ts'
import { postTurn, type Telling } from './post-turn.ts'

/** Reminders of one transaction each, at a time. */
const TOGETHER = 100

/** Tells of alerts that are open still, and what became of those whose mute is over; returns of how many. */
export async function remind({
  store,
  now,
  everyMs,
  telling,
}: {
  readonly store: Store
  readonly now: number
  /** From one time that channels are told of an open alert to the next; null: never. */
  readonly everyMs: number | null
  readonly telling: Telling
}): Promise<number> {
  const when = { now, toldBefore: everyMs === null ? null : now - everyMs }
  let told = 0
  for (const id of await store.alerts.toTell({ ...when, most: TOGETHER })) {
    await store.within(async (tables) => {
      const alert = await tables.alerts.claimToTell(id, when)
      const turn = alert && turnOf(alert)
      if (alert === undefined || turn === undefined) return
      await postTurn(tables, { turn, alert, at: now }, { images: [], telling })
      told++
    })
  }
  return told
}

/** What channels don't know yet of an alert, or should be reminded of. */
function turnOf({ state, told }: StoredAlert): AlertTurn | undefined {
  if (state === 'open') return told?.as === 'open' ? 'reminder' : 'opened'
  return state === 'resolved' && told?.as === 'open' ? 'resolved' : undefined
}
