/** The entry of a process that measures. */
import { enableCompileCache } from 'node:module'

// What is loaded below starts in two thirds of the time from the second run on.
enableCompileCache()

const [{ serveProcess }, { createDetectorShelf }, { measureRequest }] = await Promise.all([
  import('../processes/index.ts'),
  import('./detector-shelf.ts'),
  import('./measure-request.ts'),
])

const shelf = createDetectorShelf()

serveProcess((request: Parameters<typeof measureRequest>[0]) => measureRequest(request, shelf))
