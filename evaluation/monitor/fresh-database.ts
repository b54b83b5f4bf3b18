import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { StoreLocation } from '../../src/monitor/store/index.ts'

/** A new and empty database on the server that PIXELDRIFT_TEST_POSTGRES names, by its own `psql`. */
export async function freshDatabase(): Promise<{
  readonly location: StoreLocation
  readonly remove: () => Promise<void>
}> {
  const server = process.env['PIXELDRIFT_TEST_POSTGRES']
  if (server === undefined) throw new Error('PIXELDRIFT_TEST_POSTGRES names no server')
  const name = `kills_${randomBytes(6).toString('hex')}`
  const ask = (statement: string) => execFileSync('psql', [server, '--quiet', '-c', statement])
  ask(`create database ${name}`)
  const address = new URL(server)
  address.pathname = name
  return {
    location: { postgres: address.href },
    remove: async () => void ask(`drop database ${name} with (force)`),
  }
}
