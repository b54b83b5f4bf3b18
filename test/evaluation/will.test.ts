import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'

const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-will-'))
after(() => rmSync(folder, { recursive: true }))
const MODULE = new URL('../../evaluation/monitor/will.ts', import.meta.url).href

/** Runs a process that leaves a will and does that; the will writes the last note into a file. */
async function leave(name: string, then: string): Promise<string> {
  const path = join(folder, name)
  const code = `const { leaveWill } = await import(${JSON.stringify(MODULE)})
    const will = leaveWill('printf %s "$last" > "$1.part"; mv "$1.part" "$1"', [${JSON.stringify(path)}])
    will.note('first'); will.note('second')
    setTimeout(() => { ${then} }, 50)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: 'ignore',
  })
  await once(child, 'exit')
  return path
}

describe('what is done once a process is gone', () => {
  it('is done even where it was killed, with its last note', async () => {
    const path = await leave('killed', "process.kill(process.pid, 'SIGKILL')")
    while (!existsSync(path)) await delay(5)
    assert.equal(readFileSync(path, 'utf8'), 'second')
  })

  it('is not done where it was revoked', async () => {
    const [revoked, kept] = await Promise.all([
      leave('revoked', 'will.revoke(); setTimeout(() => process.exit(), 50)'),
      leave('kept', 'process.exit()'),
    ])
    while (!existsSync(kept)) await delay(5)
    assert.equal(existsSync(revoked), false)
  })
})
