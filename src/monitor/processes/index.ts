export { ProcessEndedError, startProcess } from './child-process.ts'
export { openProcessPool } from './process-pool.ts'
export { serveProcess } from './serve-process.ts'
