export { prune } from './prune.ts'
export { type Job, repeat } from './repeat.ts'
