import { appendFile, readFile, rm, writeFile } from 'node:fs/promises'
import type { KeptChanges } from '../detector/index.ts'
import { type RehearsedChange, rehearsedChangeSchema } from '../verdict/index.ts'
import { outputError } from './outputs.ts'

/** Finished changes in a file beside the report, a line each, behind the key of their rehearsal. */
export type ChangesFile = KeptChanges & { remove(): Promise<void> }

/** Opens or begins the file; one of another rehearsal is begun anew, a half-written line is cut off. */
export function openKeptChanges(path: string): ChangesFile {
  const failed = (cause: unknown): never => {
    throw outputError(path, cause)
  }
  return {
    async load(key) {
      const [head = '', ...lines] = (await readFile(path, 'utf8').catch(() => '')).split('\n')
      const known = head === key ? lines.slice(0, -1).flatMap(changeOf) : []
      const text = [key, ...known.map((change) => JSON.stringify(change)), ''].join('\n')
      await writeFile(path, text).catch(failed)
      return known
    },
    add: (change) => appendFile(path, `${JSON.stringify(change)}\n`).catch(failed),
    remove: () => rm(path, { force: true }),
  }
}

function changeOf(line: string): RehearsedChange[] {
  try {
    return [rehearsedChangeSchema.parse(JSON.parse(line))]
  } catch {
    return []
  }
}
