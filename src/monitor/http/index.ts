export { createToken, isLoopback, type Scope } from './access.ts'
export type { HttpPorts } from './http-ports.ts'
export { createServer } from './server.ts'
