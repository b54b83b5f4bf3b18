#!/usr/bin/env node
import { readFileSync } from 'node:fs'
// A name that an older Node lacks must not end in an error of the loader.
import * as nodeModule from 'node:module'
import { DriftError } from '../errors.ts'
import { type CommandContext, EXIT } from './context.ts'
import { unsuitedNode } from './node-version.ts'
import { createProgram } from './program.ts'
import { keepMemorySteady } from './steady-memory.ts'
import { wallClock } from './wall-clock.ts'

const unsuited = unsuitedNode(process.versions.node)
if (unsuited !== undefined) {
  process.stderr.write(`pixeldrift: ${unsuited}\n`)
  process.exit(EXIT.error)
}

keepMemorySteady()

// The commands' code, loaded below, starts in half the time from the second run on.
nodeModule.enableCompileCache()

const interrupted = new AbortController()
// The first Ctrl-C lets the command clean up; a second one ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => interrupted.abort(signal))
}
// Whoever read the output may leave early, as `head` does; there is nobody left to tell.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(
    `pixeldrift: expected to write the result, got ${error.code ?? error.message}\n`,
  )
  process.exit(EXIT.error)
})
// Whatever goes wrong, an exit status of 1 has to mean drift and nothing else.
for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
  process.on(event, (error: unknown) => {
    report(error)
    process.exit(EXIT.error)
  })
}

const context: CommandContext = {
  out: process.stdout,
  err: process.stderr,
  now: () => performance.now(),
  wallClock: wallClock(process.env),
  signal: interrupted.signal,
  environment: process.env,
  color: wantsColor(process.env),
}

/** By no-color.org and force-color.org, else on a terminal that has colours. */
function wantsColor({ NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR) return false
  if (FORCE_COLOR) return FORCE_COLOR !== '0'
  return isTerminal(process.stdout) && TERM !== 'dumb'
}

/** In a pipe `isTTY` is undefined, not false. */
function isTerminal({ isTTY }: { readonly isTTY?: boolean }): boolean {
  return isTTY === true
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

/** Names of files must not move the cursor or paint the screen. */
function printable(text: string): string {
  return text.replaceAll(/(?![\t\n])\p{Cc}/gu, '\ufffd')
}

/** Message and hint, without a stack: errors here are for the person at the terminal. */
function report(error: unknown): void {
  if (error instanceof DriftError) {
    const hint = error.hint === undefined ? '' : `  ${error.hint}\n`
    process.stderr.write(printable(`pixeldrift: ${error.message}\n${hint}`))
    return
  }
  const stack = error instanceof Error ? error.stack : String(error)
  process.stderr.write(`pixeldrift: unexpected error, please report it\n${stack}\n`)
}

try {
  await createProgram(context, readVersion(), (code) => (process.exitCode = code)).parseAsync()
} catch (error) {
  if (isCommanderError(error)) {
    process.exitCode = error.exitCode === 0 ? EXIT.noDrift : EXIT.error
  } else if (interrupted.signal.aborted) {
    process.stderr.write('pixeldrift: interrupted\n')
    process.exitCode = interrupted.signal.reason === 'SIGINT' ? EXIT.interrupted : EXIT.terminated
  } else {
    report(error)
    process.exitCode = EXIT.error
  }
}

/** Commander has already printed its own message. */
function isCommanderError(error: unknown): error is Error & { readonly exitCode: number } {
  return (
    error instanceof Error &&
    'exitCode' in error &&
    'code' in error &&
    String(error.code).startsWith('commander.')
  )
}
