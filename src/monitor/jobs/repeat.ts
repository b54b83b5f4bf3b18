import { setTimeout as delay } from 'node:timers/promises'
import { type Log, messageOf } from '../log/index.ts'

/** Something that is done again and again. */
export type Job = {
  readonly name: string
  readonly everyMs: number
  readonly run: () => Promise<void>
}

/** Does it until the signal is raised; a failure is logged, and the next turn comes all the same. */
export async function repeat(
  { name, everyMs, run }: Job,
  { signal, log }: { readonly signal: AbortSignal; readonly log: Log },
): Promise<void> {
  while (!signal.aborted) {
    try {
      await run()
    } catch (error) {
      if (!signal.aborted) log('error', `${name}: ${messageOf(error)}`)
    }
    await delay(everyMs, undefined, { signal }).catch(() => {})
  }
}
