/** The entry of a process that watches and judges what was measured. */
import { enableCompileCache } from 'node:module'

// What is loaded below starts in two thirds of the time from the second run on.
enableCompileCache()

const [{ serveProcess }, { createResponder }] = await Promise.all([
  import('../processes/index.ts'),
  import('./respond.ts'),
])

serveProcess(createResponder())
