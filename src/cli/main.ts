#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { DriftError } from '../errors.ts'
import { type CommandContext, EXIT } from './context.ts'
import { createProgram } from './program.ts'

const interrupted = new AbortController()
// The first Ctrl-C lets the command clean up; a second one ends the process at once.
process.once('SIGINT', () => interrupted.abort())
process.once('SIGTERM', () => interrupted.abort())

const context: CommandContext = {
  out: process.stdout,
  err: process.stderr,
  now: () => performance.now(),
  signal: interrupted.signal,
  color: process.stdout.isTTY && process.env['NO_COLOR'] === undefined,
}

const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

/** Message and hint, without a stack: errors here are for the person at the terminal. */
function report(error: unknown): void {
  if (error instanceof DriftError) {
    process.stderr.write(`pixeldrift: ${error.message}\n`)
    if (error.hint !== undefined) process.stderr.write(`  ${error.hint}\n`)
    return
  }
  process.stderr.write(`pixeldrift: unexpected error\n${error instanceof Error ? error.stack : String(error)}\n`)
}

const program = createProgram(context, version, (code) => (process.exitCode = code))
program.exitOverride()
for (const command of program.commands) command.exitOverride()
try {
  await program.parseAsync()
} catch (error) {
  if (isCommanderError(error)) {
    process.exitCode = error.exitCode === 0 ? EXIT.noDrift : EXIT.error
  } else {
    process.stderr.write('\r\u001b[2K'.slice(0, process.stderr.isTTY ? undefined : 0))
    report(error)
    process.exitCode = EXIT.error
  }
}

/** Commander has already printed its own message. */
function isCommanderError(error: unknown): error is Error & { readonly exitCode: number } {
  return error instanceof Error && 'exitCode' in error && 'code' in error && String(error.code).startsWith('commander.')
}
