import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** A finished cell as one line of the log. */
export type LogEntry = {
  readonly key: string
  readonly cell: object
  readonly result: unknown
  readonly seconds: number
}

/** Finished cells on disk, one JSON line each, so that a killed run can go on where it was. */
export type WorkLog = {
  readonly finished: ReadonlyMap<string, LogEntry>
  append(entry: LogEntry): Promise<void>
}

/**
 * Opens the log at `path`; without `resume` an older one is moved aside to `<path>.previous`.
 * A line torn by a kill is dropped, and its cell is run again.
 */
export async function openWorkLog(
  path: string,
  { resume }: { readonly resume: boolean },
): Promise<WorkLog> {
  await mkdir(dirname(path), { recursive: true })
  if (!resume) await rename(path, `${path}.previous`).catch(ignoreMissing)
  const text = resume ? ((await readFile(path, 'utf8').catch(ignoreMissing)) ?? '') : ''
  const finished = new Map(readEntries(text).map((entry) => [entry.key, entry]))
  let start = text === '' || text.endsWith('\n') ? '' : '\n'
  return {
    finished,
    append: async (entry) => {
      await appendFile(path, `${start}${JSON.stringify(entry)}\n`)
      start = ''
    },
  }
}

/** Hash of plain JSON, the same whatever the order of the keys. */
export function contentKey(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 32)
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function readEntries(text: string): LogEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as LogEntry]
    } catch {
      return []
    }
  })
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
