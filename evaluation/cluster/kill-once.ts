/**
 * Stands in for the command `pixeldrift` on a machine that fails: the run of one part (KILL_PART) is killed in its midst,
 * once, and this process with it. What happened is noted in the folder KILL_NOTES.
 */
import { spawn } from 'node:child_process'
import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../bin/pixeldrift.js', import.meta.url))

/** The journal has a title of some hundred bytes, and 100 kB and more for each batch. */
const SOME_BATCH = 50_000
const LOOK_EVERY_MS = 2

const words = process.argv.slice(2)
const { KILL_PART, KILL_NOTES = '' } = process.env
const isDoomed = wordAfter('--shard') === KILL_PART && KILL_PART !== undefined
const journal = `${wordAfter('--out')}.measuring`
const [killed, resumed] = ['killed', 'resumed'].map((name) => join(KILL_NOTES, name))

const isFirst = isDoomed && !existsSync(killed)
if (isDoomed && !isFirst) writeFileSync(resumed, String(sizeOf(journal)))
const child = spawn(process.execPath, [BIN, ...words], { stdio: 'inherit' })
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 2)))
if (isFirst) {
  setInterval(() => {
    if (sizeOf(journal) < SOME_BATCH) return
    writeFileSync(killed, String(sizeOf(journal)))
    child.kill('SIGKILL')
    process.kill(process.pid, 'SIGKILL')
  }, LOOK_EVERY_MS)
}

function wordAfter(flag: string): string | undefined {
  const at = words.indexOf(flag)
  return at < 0 ? undefined : words[at + 1]
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
