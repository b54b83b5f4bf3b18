import { createTransport } from 'nodemailer'
import { linesOf, titleOf } from '../alert-message.ts'
import { type AlertChannel, UndeliveredError } from './channel.ts'

/** A mailbox, and the server that takes mail for it. */
export type EmailSettings = {
  /** `smtp://user:password@host:587` or `smtps://…`. */
  readonly server: string
  readonly from: string
  readonly to: readonly string[]
}

/** Mail by SMTP; the message's id makes its Message-ID, by which mailboxes know copies. */
export function emailChannel({ server, from, to }: EmailSettings): AlertChannel {
  const transport = createTransport(server, { disableFileAccess: true, disableUrlAccess: true })
  return {
    send: async (message) => {
      try {
        await transport.sendMail({
          from,
          to: [...to],
          subject: titleOf(message),
          text: linesOf(message).slice(2).join('\n'),
          messageId: `<${message.id}@pixeldrift>`,
        })
      } catch (cause) {
        const { responseCode = 0, message: reason } = cause as Error & {
          readonly responseCode?: number
        }
        throw new UndeliveredError(reason, { isFinal: responseCode >= 500, cause })
      }
    },
  }
}
