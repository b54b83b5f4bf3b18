/** The entry of a process that reads what others sent as arrays, tables and archives. */
import { enableCompileCache } from 'node:module'

// What is loaded below starts in two thirds of the time from the second run on.
enableCompileCache()

const [{ serveProcess }, { createUnpacking }] = await Promise.all([
  import('../processes/index.ts'),
  import('./unpack.ts'),
])

serveProcess(createUnpacking())
