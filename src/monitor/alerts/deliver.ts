import { setTimeout as delay } from 'node:timers/promises'
import type { Clock } from '../../detector/index.ts'
import { type Log, messageOf } from '../log/index.ts'
import type { Delivery, Store } from '../store/index.ts'
import type { AlertMessage } from './alert-message.ts'
import { type AlertChannel, UndeliveredError } from './channels/channel.ts'
import { endOfQuiet, type QuietHours } from './quiet-hours.ts'

/** What delivering works with. */
export type DeliveryPorts = {
  readonly store: Store
  readonly channels: ReadonlyMap<string, AlertChannel>
  /** Of channels that have some. */
  readonly quietHours: ReadonlyMap<string, QuietHours>
  readonly clock: Clock
  readonly log: Log
  /** How long a channel may take. */
  readonly timeoutMs: number
}

/** Pause before the first new try; each further one is twice as long. */
const FIRST_PAUSE_MS = 5000
const LONGEST_PAUSE_MS = 3600 * 1000
/** Some two days. */
const MOST_ATTEMPTS = 60
const TOGETHER = 10

/** Sends what is due, each message to its channel; returns how many were tried. At least once: after a kill, again. */
export async function deliverDue(ports: DeliveryPorts, signal: AbortSignal): Promise<number> {
  const { store, clock, timeoutMs } = ports
  const now = clock().getTime()
  // Nobody else tries before this one must have come to an end.
  const claim = { now, forMs: 2 * timeoutMs, most: TOGETHER }
  const due = await store.outbox.claim(claim)
  await Promise.all(due.map((delivery) => deliver(delivery, ports, signal)))
  return due.length
}

async function deliver(
  { id, channel: name, message, attempts }: Delivery,
  { store, channels, quietHours, clock, log, timeoutMs }: DeliveryPorts,
  signal: AbortSignal,
): Promise<void> {
  const quiet = quietHours.get(name)
  const quietUntil = quiet && endOfQuiet(quiet, clock().getTime())
  if (quietUntil !== undefined) return store.outbox.postponed(id, quietUntil)
  try {
    const channel = channels.get(name)
    if (channel === undefined) {
      throw new UndeliveredError(`no channel is called ${name} any more`, { isFinal: true })
    }
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    await channel.send(JSON.parse(message) as AlertMessage, limit)
  } catch (error) {
    if (signal.aborted) return
    const reason = messageOf(error)
    const isFinal = error instanceof UndeliveredError && error.isFinal
    const isOver = isFinal || attempts + 1 >= MOST_ATTEMPTS
    log(isOver ? 'error' : 'warn', `channel ${name}: ${reason}${isOver ? '; given up' : ''}`)
    const dueAt = isOver ? null : clock().getTime() + pauseAfter(attempts)
    return store.outbox.failed(id, { error: reason, dueAt })
  }
  // Where this fails it is no failure of the channel: the message is sent again once nobody has a claim on it.
  await store.outbox.delivered(id, clock().getTime())
}

function pauseAfter(attempts: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempts)
}

/** Delivers until the signal is raised, at once after `wake`. */
export function startDelivering(
  ports: DeliveryPorts,
  { signal, everyMs }: { readonly signal: AbortSignal; readonly everyMs: number },
): { readonly wake: () => void; readonly done: Promise<void> } {
  let wakeUp = Promise.withResolvers<void>()
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      const woken = wakeUp.promise
      try {
        while (!signal.aborted && (await deliverDue(ports, signal)) > 0);
      } catch (error) {
        if (!signal.aborted) ports.log('error', `delivering: ${String(error)}`)
      }
      await Promise.race([woken, delay(everyMs, undefined, { signal }).catch(() => {})])
      wakeUp = Promise.withResolvers()
    }
  }
  return { wake: () => wakeUp.resolve(), done: run() }
}
