import { setTimeout as delay } from 'node:timers/promises'

/** When the next step of a monitor may begin. */
export type Pace = {
  /** Resolves when it may. */
  due(): Promise<void>
  /** One was taken; where it was full more waits, and the next one need not. */
  took(step: { readonly isFull: boolean }): void
}

/**
 * So long from step to step: what one costs whatever it is of, above all to store what streams remember, is shared by many
 * images while they come quickly. The first one after a pause does not wait.
 */
const STEP_MS = 200

/** Nothing was done before; once the signal is raised nobody waits. */
export function openPace(signal: AbortSignal, stepMs = STEP_MS): Pace {
  let rest: Promise<void> = Promise.resolve()
  return {
    due: async () => {
      await rest
      rest = delay(stepMs, undefined, { signal }).catch(() => {})
    },
    took: ({ isFull }) => {
      if (isFull) rest = Promise.resolve()
    },
  }
}
