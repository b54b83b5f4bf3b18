import { createHash } from 'node:crypto'
import type { StoredAlert, Tables } from '../store/index.ts'
import type { AlertMessage, AlertTurn } from './alert-message.ts'

/** Who is told, and how links begin. */
export type Telling = {
  readonly channels: readonly string[]
  /** The service as others reach it, without a slash at its end; without it messages have no links. */
  readonly publicUrl?: string | undefined
}

/** An alert as it is, and what channels are told of it. */
export type TurnToTell = {
  readonly turn: AlertTurn
  readonly alert: StoredAlert
  readonly at: number
}

/** Puts messages about an alert into the outbox, unless it is muted, and takes note. Within the transaction that stores it. */
export async function postTurn(
  tables: Tables,
  told: TurnToTell,
  {
    images,
    telling,
  }: {
    /** Numbers of images that show it. */
    readonly images: readonly number[]
    readonly telling: Telling
  },
): Promise<void> {
  const { turn, alert, at } = told
  if (alert.mute !== null && alert.mute.until > at) return
  await tables.outbox.post(messagesOf(told, images, telling))
  await tables.alerts.told(alert.id, { at, as: turn === 'resolved' ? 'resolved' : 'open' })
}

function messagesOf(
  { turn, alert, at }: TurnToTell,
  images: readonly number[],
  { channels, publicUrl }: Telling,
) {
  return channels.map((channel) => {
    const which = [alert.id, alert.times, turn, channel]
    const id = digest(turn === 'reminder' ? [...which, at] : which)
    const message: AlertMessage = {
      id,
      turn,
      alert,
      at: new Date(at).toISOString(),
      link: publicUrl === undefined ? null : `${publicUrl}/v1/alerts/${alert.id}`,
      pictures:
        publicUrl === undefined || turn === 'resolved'
          ? []
          : images.map(
              (number) =>
                `${publicUrl}/v1/monitors/${encodeURIComponent(alert.monitor)}/images/${number}/file`,
            ),
    }
    return { id, alert: alert.id, channel, message: JSON.stringify(message), createdAt: at }
  })
}

/** A name for what these parts say. */
export function digest(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24)
}
