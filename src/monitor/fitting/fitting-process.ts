/** The entry of a process that fits a detector. */
import { enableCompileCache } from 'node:module'

// What is loaded below starts in two thirds of the time from the second run on.
enableCompileCache()

const [{ serveProcess }, { createFitting }] = await Promise.all([
  import('../processes/index.ts'),
  import('./run-fit.ts'),
])

serveProcess(createFitting())
