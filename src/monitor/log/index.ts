export { type Log, type LogLevel, messageOf } from './log.ts'
