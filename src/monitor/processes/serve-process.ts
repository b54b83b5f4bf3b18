import { type Question, READY, type Reply, tellError } from './process-messages.ts'

/** In the module of a process: answers one question after the other, until whoever asks is gone. */
export function serveProcess(respond: (request: never) => Promise<unknown>): void {
  if (process.send === undefined) throw new TypeError('expected to be started by a service')
  const reply = (message: Reply<unknown> | typeof READY): void => {
    // Nobody is left to tell.
    process.send?.(message, undefined, undefined, () => {})
  }
  process.on('message', ({ id, request }: Question<never>) => {
    respond(request).then(
      (answer) => reply({ id, answer }),
      (error: unknown) => reply({ id, error: tellError(error) }),
    )
  })
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches all processes of a terminal; this one ends with its service.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
  reply(READY)
}
