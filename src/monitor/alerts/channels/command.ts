import { spawn } from 'node:child_process'
import { linesOf, titleOf } from '../alert-message.ts'
import { type AlertChannel, UndeliveredError } from './channel.ts'

/** A program that is started with the message as JSON on its standard input; no shell reads anything of it. */
export function commandChannel(
  [file, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
): AlertChannel {
  return {
    send: async (message, signal) => {
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const child = spawn(file, args, {
        stdio: ['pipe', 'ignore', 'ignore'],
        signal,
        killSignal: 'SIGKILL',
        env: {
          ...environment,
          PIXELDRIFT_ALERT_ID: message.id,
          PIXELDRIFT_ALERT_TURN: message.turn,
          PIXELDRIFT_ALERT_TITLE: titleOf(message),
          PIXELDRIFT_ALERT_TEXT: linesOf(message).join('\n'),
        },
      })
      child.on('error', (cause) => reject(new UndeliveredError(cause.message, { cause })))
      child.on('close', (code, killed) => {
        if (code === 0) resolve()
        else reject(new UndeliveredError(`${file} ended with ${killed ?? code}`))
      })
      // A program that reads nothing may have ended.
      child.stdin.on('error', () => {})
      child.stdin.end(JSON.stringify(message))
      return promise
    },
  }
}
