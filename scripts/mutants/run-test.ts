import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Mutant } from './change.ts'

/** Folder of the repository; every path is relative to it. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

export type TestOutcome = 'passed' | 'failed' | 'timed out'

export type TestRun = {
  readonly outcome: TestOutcome
  /** What it took of processors, its processes and threads together. */
  readonly processorMs: number
  readonly output: string
}

export type TestRunOptions = {
  readonly mutant?: Mutant
  /** Folder that V8 writes coverage into. */
  readonly coverage?: string
  /** What it may take of a processor, in whole seconds; unlike time passed, the same on a busy machine. */
  readonly processorSeconds?: number
  readonly timeoutMs: number
}

const preload = new URL('load-mutant.ts', import.meta.url).href
/** Keeps what Node made of sources that have not changed; half of what a quick test takes. */
const compiled = join(root, 'out/mutants/compiled')
const failure = /^\s*not ok \d+ (?!.*# TODO)/m

/** Says at the end what the command took, and ends as it did. */
const LIMITED = 'ulimit -S -t "$0"; "$@"; code=$?; times >&2; exit $code'
/** Of a shell: 128 and SIGXCPU. */
const TOOK_TOO_LONG = 128 + 24

/** Runs one test file in a process group of its own, with temporary files of its own, up to its first failure. */
export async function runTest(test: string, options: TestRunOptions): Promise<TestRun> {
  const temporary = mkdtempSync(join(tmpdir(), 'mutant-'))
  const limit = options.processorSeconds ?? 'unlimited'
  const limited = ['-c', LIMITED, `${limit}`, process.execPath]
  const child = spawn('/bin/sh', [...limited, '--test-reporter=tap', test], {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment(options), TMPDIR: temporary },
  })
  const endGroup = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
    } catch {
      // The group has ended already.
    }
  }
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
      if (failure.test(output)) endGroup()
    })
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    endGroup()
  }, options.timeoutMs)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('exit', endGroup).on('close', resolve)
  })
  clearTimeout(timer)
  endGroup()
  rmSync(temporary, { recursive: true, force: true, maxRetries: 3 })
  const outcome = late || code === TOOK_TOO_LONG ? 'timed out' : code === 0 ? 'passed' : 'failed'
  return { outcome, processorMs: processorMsOf(output), output }
}

/** Of the last line a shell's `times` prints: user's and system's time of its commands, `0m1.250s 0m0.100s`. */
function processorMsOf(output: string): number {
  const times = [...output.matchAll(/(?<minutes>\d+)m(?<seconds>\d+[.,]\d+)s/g)].slice(-2)
  return times.reduce((sum, { groups }) => {
    const seconds = Number(groups?.['seconds'].replace(',', '.'))
    return sum + 60_000 * Number(groups?.['minutes']) + 1000 * seconds
  }, 0)
}

function environment({ mutant, coverage }: TestRunOptions): NodeJS.ProcessEnv {
  return {
    // Inherited when the mutants are themselves run by a test, it would turn the reporter off.
    NODE_TEST_CONTEXT: undefined,
    ...(coverage === undefined ? {} : { NODE_V8_COVERAGE: coverage }),
    ...(mutant === undefined
      ? {}
      : {
          NODE_OPTIONS: `--import=${preload}`,
          NODE_COMPILE_CACHE: compiled,
          PIXELDRIFT_MUTANT: JSON.stringify(mutant),
        }),
  }
}
