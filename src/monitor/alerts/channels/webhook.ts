import { createHmac } from 'node:crypto'
import type { Clock } from '../../../detector/index.ts'
import type { AlertChannel } from './channel.ts'
import { postJson, type Target } from './post-json.ts'

/** JSON to an address of the user's, signed by standardwebhooks.com where there is a secret: `whsec_` and base64. */
export function webhookChannel(
  target: Target,
  { secret, clock }: { readonly secret?: string | undefined; readonly clock: Clock },
): AlertChannel {
  return {
    send: async (message, signal) => {
      const { id, turn, alert, at, link, pictures } = message
      const body = JSON.stringify({
        type: `alert.${turn}`,
        timestamp: at,
        data: { ...alert, link, pictures },
      })
      const seconds = String(Math.floor(clock().getTime() / 1000))
      const headers: Record<string, string> = { 'webhook-id': id, 'webhook-timestamp': seconds }
      if (secret !== undefined) {
        const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
        const signed = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest('base64')
        headers['webhook-signature'] = `v1,${signed}`
      }
      await postJson(target, body, { headers, signal })
    },
  }
}
