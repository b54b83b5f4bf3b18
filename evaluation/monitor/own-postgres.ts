import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { leaveWill } from './will.ts'

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
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server with its data in a folder of its own, which goes when it is stopped, or this process is gone. */
export async function startPostgres(): Promise<OwnPostgres> {
  const data = mkdtempSync(join(tmpdir(), 'pixeldrift-postgres-'))
  const isRoot = process.getuid?.() === 0
  if (isRoot) execFileSync('chown', ['postgres', data])
  const before = isRoot ? ['runuser', '-u', 'postgres', '--'] : []
  const command = (name: string, words: readonly string[]): readonly string[] => [
    ...before,
    join(PROGRAMS ?? '', name),
    '-D',
    data,
    ...words,
  ]
  const run = (name: string, words: readonly string[]): Promise<void> =>
    runCommand(command(name, words))
  await run('initdb', ['-A', 'trust', '-E', 'UTF8', '-U', 'postgres'])
  const port = await freePort()
  const options = `-p ${port} -k ${data} -c listen_addresses=127.0.0.1`
  const start = () => run('pg_ctl', ['-w', '-o', options, '-l', join(data, 'log'), 'start'])
  const halt = ['-m', 'immediate', 'stop']
  const will = leaveWill('cd /; folder=$1; shift; "$@"; rm -rf "$folder"', [
    data,
    ...command('pg_ctl', halt),
  ])
  await start()
  return {
    address: `postgres://postgres@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await run('pg_ctl', halt)
      await start()
    },
    stop: async () => {
      await run('pg_ctl', halt)
      rmSync(data, { recursive: true })
      will.revoke()
    },
  }
}

/** Not at once: whoever is called meanwhile, as the webhook of a study, is to answer. */
async function runCommand([file = '', ...words]: readonly string[]): Promise<void> {
  const child = spawn(file, words, { cwd: '/', stdio: 'ignore' })
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error(`${[file, ...words].join(' ')} ended with ${code}`)
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => void server.close(resolve))
  return port
}
