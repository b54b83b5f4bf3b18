import { rename, rm, writeFile } from 'node:fs/promises'
import { DriftError } from '../errors.ts'

/** Writes beside `path` and renames: the old file or the new one, never half. */
export async function writeOutput(path: string, content: string | Uint8Array): Promise<void> {
  const partial = `${path}.partial`
  try {
    await writeFile(partial, content)
    await rename(partial, path)
  } catch (cause) {
    await rm(partial, { force: true })
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause)
    throw new DriftError('output.unwritable', `expected to write ${path}, got ${reason}`, { cause })
  }
}
