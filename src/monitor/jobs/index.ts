export { prune } from './prune.ts'
export { repeat } from './repeat.ts'
