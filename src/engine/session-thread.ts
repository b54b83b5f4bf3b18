// A thread with a session of its own.
import type { Tensor } from '../tensor/index.ts'
import { serveThread } from '../thread.ts'
import { openSession } from './session.ts'
import { bufferOf, type Feeds, type SessionTask } from './worker-session.ts'

await serveThread<SessionTask, Feeds, Record<string, Tensor>>(async ({ model, fixed }) => {
  const session = await openSession(model, { threads: 1 })
  return async (feeds) => {
    const answer = await session.run({ ...fixed, ...feeds })
    return { answer, transfer: Object.values(answer).map(bufferOf) }
  }
})
