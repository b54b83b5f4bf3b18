import { DriftError } from '../../errors.ts'

/** Runs so many at once, and throws DriftError('resource.busy') beyond; `what` they are, for the message. */
export function limitCalls(most: number, what: string): <T>(act: () => Promise<T>) => Promise<T> {
  let running = 0
  return async (act) => {
    if (running >= most) {
      throw new DriftError('resource.busy', `expected fewer than ${most} ${what} at once`, {
        hint: 'Try again a little later.',
        retryable: true,
      })
    }
    running++
    try {
      return await act()
    } finally {
      running--
    }
  }
}
