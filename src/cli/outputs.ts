import { access, constants, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { DriftError } from '../errors.ts'
import { shellWord } from './shell-word.ts'

/** Paths by the flag that named them; those not asked for are undefined. */
export type Outputs = Readonly<Record<string, string | undefined>>

/** Throws before the long work what would otherwise be thrown after it: an output that can't be written. */
export async function requireOutputs(outputs: Outputs, inputs: readonly string[]): Promise<void> {
  const asked = Object.entries(outputs).filter(([, path]) => path !== undefined)
  const taken = new Map(inputs.map((path) => [resolve(path), `the input ${path}`]))
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
  const existing = await stat(path).catch(() => undefined)
  // Files are replaced whole, and a device or a pipe must not be.
  if (existing !== undefined && !existing.isFile()) {
    const got = existing.isDirectory() ? 'a folder' : 'a device or pipe'
    throw unwritable(place, `got ${got}`)
  }
  const folder = await stat(dirname(path)).catch(() => undefined)
  if (folder === undefined) {
    const hint = `Make it first: mkdir -p ${shellWord(dirname(path))}`
    throw unwritable(place, `found no folder ${dirname(path)}`, { hint })
  }
  const reason = await tryOut(path)
  if (reason !== undefined) throw unwritable(place, `got ${reason}`)
}

/** Why nothing can be written there; undefined when something can. */
async function tryOut(path: string): Promise<string | undefined> {
  try {
    await access(dirname(path), constants.W_OK)
    // Some file systems grant the access and then refuse the file.
    const file = await open(partialOf(path), 'wx')
    await file.close()
    await rm(partialOf(path))
    return undefined
  } catch (error) {
    const reason = reasonOf(error)
    return reason === 'EEXIST' ? undefined : reason
  }
}

function unwritable(
  place: string,
  got: string,
  options: { readonly hint?: string } = {},
): DriftError {
  return new DriftError('output.unwritable', `expected to write ${place}, ${got}`, options)
}

/** Where a file stands until it is complete. */
export function partialOf(path: string): string {
  return `${path}.partial`
}

/** Writes beside `path` and renames: the old file or the new one, never half. */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  const partial = partialOf(path)
  try {
    await writeFile(partial, content)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true }).catch(() => {})
    throw outputError(path, cause)
  }
}

/** The error of an output that could not be written. */
export function outputError(path: string, cause: unknown): DriftError {
  const message = `expected to write ${path}, got ${reasonOf(cause)}`
  return new DriftError('output.unwritable', message, { cause })
}

function reasonOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error)
}
