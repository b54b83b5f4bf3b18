import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DriftError } from '../errors.ts'
import { openReplacement, replaceFile } from '../whole-file.ts'
import { shellWord } from './shell-word.ts'

/** Paths by the flag that named them; those not asked for are undefined. */
export type Outputs = Readonly<Record<string, string | undefined>>

/** Throws before the long work what would otherwise be thrown after it: an output that can't be written. */
export async function requireOutputs(
  outputs: Outputs,
  inputs: readonly (string | undefined)[],
): Promise<void> {
  const asked = Object.entries(outputs).filter(([, path]) => path !== undefined)
  const read = inputs.filter((path) => path !== undefined)
  const taken = new Map(read.map((path) => [resolve(path), `the input ${path}`]))
  for (const [flag, path] of asked as [string, string][]) {
    const other = taken.get(resolve(path))
    if (other !== undefined) {
      throw new DriftError('config.invalid', `expected a file of its own for ${flag}, got ${other}`)
    }
    taken.set(resolve(path), `that of ${flag}`)
    await requireWritable(flag, path)
  }
}

async function requireWritable(flag: string, path: string): Promise<void> {
  const place = `${flag} ${path}`
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    const hint = 'Write it to this machine and copy it: nothing is written to a bucket.'
    throw unwritable(place, 'got a place that is no path', { hint })
  }
  const existing = await stat(path).catch(() => undefined)
  if (existing?.isDirectory() === true) throw unwritable(place, 'got a folder')
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (folder === undefined) {
    const hint = `Make it first: mkdir -p ${shellWord(dirname(path))}`
    throw unwritable(place, `found no folder ${dirname(path)}`, { hint })
  }
  // Some file systems grant the access and then refuse the file: only trying tells.
  await openReplacement(path).then(
    (replacement) => replacement.discard(),
    (error: unknown) => {
      throw unwritable(place, `got ${reasonOf(error)}`)
    },
  )
}

function unwritable(
  place: string,
  got: string,
  options: { readonly hint?: string } = {},
): DriftError {
  return new DriftError('output.unwritable', `expected to write ${place}, ${got}`, options)
}

/** Writes the old file or the new one, never half; devices and pipes are written to. */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  await replaceFile(path, content).catch((cause: unknown) => {
    throw outputError(path, cause)
  })
}

/** The error of an output that could not be written. */
export function outputError(path: string, cause: unknown): DriftError {
  const message = `expected to write ${path}, got ${reasonOf(cause)}`
  return new DriftError('output.unwritable', message, { cause })
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
