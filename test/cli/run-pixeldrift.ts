import { type ChildProcess, spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type CommandContext, EXIT } from '../../src/cli/context.ts'
import { createProgram } from '../../src/cli/program.ts'
import { DriftError } from '../../src/errors.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** How a run of the command ended. */
export type Ended = {
  /** Null when a signal ended it. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A run of the command that has not ended yet. */
export type Running = { readonly child: ChildProcess; readonly ended: Promise<Ended> }

export type RunOptions = { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> }

/** Starts the real command, its output in pipes. */
export function startPixeldrift(
  args: readonly string[],
  { cwd, env = {} }: RunOptions = {},
): Running {
  const child = spawn(process.execPath, [MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(cwd !== undefined && { cwd }),
    env: { ...environment(), ...env },
  })
  const exit = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const ended = Promise.all([exit, text(child.stdout), text(child.stderr)]).then(
    ([code, stdout, stderr]) => ({ code, stdout, stderr }),
  )
  return { child, ended }
}

/** Runs the real command to its end. */
export async function runPixeldrift(args: readonly string[], options?: RunOptions): Promise<Ended> {
  return startPixeldrift(args, options).ended
}

/** The environment without what would colour or time the output. */
function environment(): NodeJS.ProcessEnv {
  const { NO_COLOR: _, FORCE_COLOR: __, NODE_TEST_CONTEXT: ___, ...rest } = process.env
  // One time for all runs, so that what they write can be compared byte for byte.
  return { ...rest, SOURCE_DATE_EPOCH: '1800000000' }
}

/**
 * The same in this process, which is a second quicker; for what does not depend on a process of its own. Paths are those
 * of this process, so give whole ones.
 */
export async function runWithin(args: readonly string[]): Promise<Ended> {
  let [code, stdout, stderr]: [number | null, string, string] = [null, '', '']
  const context: CommandContext = {
    out: { write: (part) => (stdout += part) },
    err: { write: (part) => (stderr += part) },
    now: () => performance.now(),
    wallClock: () => new Date(),
    signal: new AbortController().signal,
    environment: {},
    color: false,
  }
  try {
    const program = createProgram(context, '0.0.0', (ended) => (code = ended))
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof DriftError)) throw error
    code = EXIT.error
    stderr += `pixeldrift: ${error.message}\n`
  }
  return { code, stdout, stderr }
}
