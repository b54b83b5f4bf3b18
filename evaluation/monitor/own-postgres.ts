import { execFileSync, spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Programs of the newest PostgreSQL of this machine. */
const PROGRAMS = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1)

/** Why no server of one's own can be started here. */
export function missingPostgres(): string | undefined {
  if (PROGRAMS === undefined) return 'no PostgreSQL is installed'
  const isRoot = process.getuid?.() === 0
  if (!isRoot || spawnSync('id', ['postgres']).status === 0) return undefined
  return 'PostgreSQL does not run as root, and there is no user postgres'
}

/** A server of its own, with all that makes its commits last. */
export type OwnPostgres = {
  readonly address: string
  /** As after a power cut of the server: every connection breaks, and its log is gone through at the start. */
  restart(): void
  stop(): void
}

/** Starts a server with its data in a folder of its own, which goes when it is stopped. */
export async function startPostgres(): Promise<OwnPostgres> {
  const data = mkdtempSync(join(tmpdir(), 'pixeldrift-postgres-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['postgres', data])
  const run = (name: string, words: readonly string[]): void => {
    const program = join(PROGRAMS ?? '', name)
    const command = isRoot ? ['runuser', '-u', 'postgres', '--', program] : [program]
    const [file = '', ...before] = command
    execFileSync(file, [...before, '-D', data, ...words], { cwd: '/', stdio: 'ignore' })
  }
  run('initdb', ['-A', 'trust', '-E', 'UTF8', '-U', 'postgres'])
  const port = await freePort()
  const options = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1`
  const start = () => run('pg_ctl', ['-w', '-o', options, '-l', join(data, 'log'), 'start'])
  start()
  return {
    address: `postgres://postgres@127.0.0.1:${port}/postgres`,
    restart: () => {
      run('pg_ctl', ['-m', 'immediate', 'stop'])
      start()
    },
    stop: () => {
      run('pg_ctl', ['-m', 'immediate', 'stop'])
      rmSync(data, { recursive: true })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}
