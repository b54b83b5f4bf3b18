import { threadKind as anyThreadKind, type ThreadKind } from '../thread.ts'
import { silenceRuntime } from './runtime-telemetry.ts'

export type { Answered, Thread, ThreadKind } from '../thread.ts'

/** Threads that run models: the runtime's telemetry is off before the first of them starts. */
export function threadKind<Data, Request, Answer>(
  kind: string,
  url: string,
): ThreadKind<Data, Request, Answer> {
  const threads = anyThreadKind<Data, Request, Answer>(kind, url)
  return {
    open: async (data) => {
      await silenceRuntime()
      return threads.open(data)
    },
    serve: (open) => threads.serve(open),
  }
}
