import { threadKind, type ThreadKind } from '../thread.ts'
import { silenceRuntime } from './runtime-telemetry.ts'

/** Threads that run models, as `threadKind` has them: the runtime's telemetry is off before the first of them starts. */
export function modelThreadKind<Data, Request, Answer>(
  path: string,
  from: string,
): ThreadKind<Data, Request, Answer> {
  const threads = threadKind<Data, Request, Answer>(path, from)
  return {
    open: async (data) => {
      await silenceRuntime()
      return threads.open(data)
    },
  }
}
