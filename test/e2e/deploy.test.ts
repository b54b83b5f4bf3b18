/** What lies in deploy/ names files, flags and variables that there are. */
import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { parse } from 'yaml'
import { createProgram } from '../../src/cli/program.ts'
import { EXIT } from '../../src/cli/context.ts'
import { root } from './commands/printed-commands.ts'

const read = (name: string): string => readFileSync(join(root, 'deploy', name), 'utf8')

/** Throws where the command line would refuse the words; nothing is run. */
async function requireAccepted(words: readonly string[]): Promise<void> {
  const written: string[] = []
  const streams = { write: (text: string) => written.push(text) }
  const program = createProgram(
    {
      out: streams,
      err: streams,
      now: () => 0,
      wallClock: () => new Date(0),
      signal: AbortSignal.abort(),
      environment: {},
      color: false,
    },
    '0.0.0',
    (code) => assert.equal(code, EXIT.noDrift),
  )
  // Of a configuration file or detector only the flags are looked at.
  const isOfFile = (i: number): boolean => /^--(config|detector)$/.test(words[i] ?? '')
  const flags = words.filter((_, i) => !isOfFile(i) && !isOfFile(i - 1))
  await program.parseAsync([...flags, '--print-config'], { from: 'user' })
  assert.match(written.join(''), /"host"/)
}

describe('deploy/', () => {
  it('has a Dockerfile whose command is one, and whose paths are in the repository', async () => {
    const text = read('Dockerfile')
    const command = /^CMD (\[.*\])$/m.exec(text)?.[1] ?? ''
    await requireAccepted(JSON.parse(command) as string[])
    for (const [, path] of text.matchAll(/\/build\/(package\.json|bin)\b/g)) {
      assert.ok(existsSync(join(root, path)), path)
    }
    for (const platform of ['darwin', 'win32', 'linux']) {
      const path = `node_modules/onnxruntime-node/bin/napi-v6/${platform}`
      assert.ok(existsSync(join(root, path)), path)
      assert.equal(text.includes(path), platform !== 'linux')
    }
    assert.match(text, /^USER node$/m)
  })

  it('has a compose file with two replicas on one database, and a unit, whose commands are ones', async () => {
    type Service = { readonly command?: string[]; readonly environment: Record<string, string> }
    const { services } = parse(read('compose.yaml'), { merge: true }) as {
      services: Record<string, Service>
    }
    const replicas = Object.values(services).filter(({ command }) => command !== undefined)
    assert.equal(replicas.length, 2)
    for (const { command = [], environment } of replicas) {
      await requireAccepted(command)
      assert.match(environment['PIXELDRIFT_DATABASE'], /@database\/pixeldrift$/)
    }
    const started = /^ExecStart=\S+ \S+ (.*)$/m.exec(read('pixeldrift.service'))?.[1] ?? ''
    await requireAccepted(started.split(' '))
  })
})
