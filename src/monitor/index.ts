export {
  completeConfig,
  type Config,
  type ConfigInput,
  printableConfig,
  readConfig,
} from './config.ts'
export { createToken, type Scope } from './http/index.ts'
export type { Log, LogLevel } from './log/index.ts'
export { type Service, type ServicePorts, openTokens, startService } from './service.ts'
export { backUp, putBack } from './back-up.ts'
export type { Committed } from './watching/index.ts'
