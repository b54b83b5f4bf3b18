import { completeConfig, type Config, readConfig } from '../monitor/index.ts'
import type { CommandContext } from './context.ts'

/** Where a service has its data. */
export type StoreFlags = {
  readonly config?: string | undefined
  readonly data?: string | undefined
  readonly database?: string | undefined
}

/** What the file says, and the flags above it. */
export function storeConfig(
  { config: path, data, database }: StoreFlags,
  { environment }: CommandContext,
): Config {
  const stored = path === undefined ? {} : readConfig(path, environment)
  const asked = { data, database: database ?? environment['PIXELDRIFT_DATABASE'] }
  const given = Object.entries(asked).filter(([, value]) => value !== undefined)
  return completeConfig({ ...stored, ...Object.fromEntries(given) })
}
