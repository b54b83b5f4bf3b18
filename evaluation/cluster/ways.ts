import { spawn } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { missingPeers, pythonOf } from '../../bench/harness/peers.ts'
import { createRandom } from '../../src/tensor/index.ts'

/** What is measured and judged, and in how many parts. */
export type PartedWork = {
  readonly detector: string
  readonly images: string
  /** Folder of the parts' files. */
  readonly features: string
  readonly parts: number
  readonly seed: number
  readonly env: Readonly<Record<string, string>>
}

/** How the parts are handed out. */
type Way = {
  /** Why it cannot run here; undefined when it can. */
  readonly missing: () => Promise<string | undefined>
  /** Measures all parts and leaves what `check` says of them in `verdict.json` beside them. */
  readonly run: (work: PartedWork) => Promise<void>
}

/** Every way that parts are handed out. */
export const WAYS = {
  command: { missing: async () => undefined, run: runCommands },
  ray: {
    missing: async () => missingPeers(['ray']),
    run: async (work) => runScript([pythonOf('ray'), example('ray')], work),
  },
  spark: {
    missing: async () => missingPeers(['spark']),
    run: async (work) => {
      const python = pythonOf('spark')
      // Two tasks at once, each tried up to four times.
      const submit = [join(dirname(python), 'spark-submit'), '--master', 'local[2,4]']
      const env = { ...work.env, PYSPARK_PYTHON: python, PYSPARK_DRIVER_PYTHON: python }
      return runScript([...submit, example('spark')], { ...work, env })
    },
  },
} as const satisfies Readonly<Record<string, Way>>

function example(name: string): string {
  return fileURLToPath(new URL(`../../examples/${name}/measure.py`, import.meta.url))
}

async function runScript(words: readonly string[], work: PartedWork): Promise<void> {
  const { detector, images, features, parts, env } = work
  const all = [...words, detector, images, features, '--parts', String(parts)]
  const { code, stderr } = await runProgram(all, env)
  if (code === 0 || code === 1) return
  throw new Error(`${all.join(' ')} ended with ${code}\n${stderr.slice(-4000)}`)
}

/** The command alone: all parts one by one in a random order, what was killed once more. */
async function runCommands(work: PartedWork): Promise<void> {
  const { detector, images, features, parts, seed, env } = work
  await mkdir(features, { recursive: true })
  const command = (env['PIXELDRIFT'] ?? '').split(' ')
  const order = Array.from(createRandom(seed).permutation(parts), (i) => i + 1)
  const files = order.map((part) => join(features, `part-${part}.parquet`))
  for (const [i, part] of order.entries()) {
    const shard = ['--shard', `${part}/${parts}`, '--out', files[i]]
    const words = [...command, 'measure', detector, images, ...shard]
    let { code, stderr } = await runProgram(words, env)
    if (code === null) ({ code, stderr } = await runProgram(words, env))
    if (code !== 0) throw new Error(`part ${part} ended with ${code}\n${stderr}`)
  }
  const words = [...command, 'check', detector, ...files.toReversed(), '--json']
  await writeFile(join(features, 'verdict.json'), (await runProgram(words, env)).stdout)
}

/** A program's end; `code` is null where a signal ended it. */
export async function runProgram(
  [program, ...args]: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }> {
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', resolve)
  })
  const [code, stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  return { code, stdout, stderr }
}
