import { createHash } from 'node:crypto'
import { appendFile, mkdir, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Fingerprint, fingerprintId } from '../fingerprint/fingerprint.ts'
import type { CellOrigin } from './provenance.ts'

/** A finished cell as one line of the log. */
export type LogEntry = {
  readonly key: string
  readonly cell: object
  readonly result: unknown
  readonly origin: CellOrigin
  /** Name of the product's fingerprint, which the log holds too. */
  readonly product: string
}

/** Finished cells on disk, one JSON line each, so that a killed run can go on where it was. */
export type WorkLog = {
  /** Those of the same product, by key. */
  readonly finished: ReadonlyMap<string, LogEntry>
  /** How many cells of another product were left aside. */
  readonly refused: number
  append(entry: Omit<LogEntry, 'product'>): Promise<void>
}

export type WorkLogOptions = {
  readonly resume: boolean
  /** What the product computes now. */
  readonly fingerprint: Fingerprint
  /** Are these the numbers of the same product, for the purpose of this log? */
  readonly isSame: (older: Fingerprint) => boolean
}

type FingerprintLine = { readonly product: string; readonly fingerprint: Fingerprint }

/**
 * Opens the log at `path`; without `resume` an older one is moved aside to `<path>.previous`.
 * A line torn by a kill is dropped, and its cell is run again; so are cells of a product that computed other numbers.
 */
export async function openWorkLog(path: string, options: WorkLogOptions): Promise<WorkLog> {
  const { resume, fingerprint, isSame } = options
  await mkdir(dirname(path), { recursive: true })
  if (!resume) await rename(path, `${path}.previous`).catch(ignoreMissing)
  const text = resume ? ((await readFile(path, 'utf8').catch(ignoreMissing)) ?? '') : ''
  const lines = readLines(text)
  const known = new Map(
    lines.flatMap((line) => (isFingerprint(line) ? [[line.product, line.fingerprint]] : [])),
  )
  const same = new Set([...known].flatMap(([product, older]) => (isSame(older) ? [product] : [])))
  const entries = lines.filter((line): line is LogEntry => 'key' in line)
  const kept = entries.filter(({ product }) => same.has(product))
  const product = fingerprintId(fingerprint)
  let unwritten = text === '' || text.endsWith('\n') ? '' : '\n'
  if (!known.has(product)) unwritten += `${JSON.stringify({ product, fingerprint })}\n`
  return {
    finished: new Map(kept.map((entry) => [entry.key, entry])),
    refused: entries.length - kept.length,
    append: async (entry) => {
      const line = `${unwritten}${JSON.stringify({ ...entry, product })}\n`
      unwritten = ''
      await appendFile(path, line)
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

function readLines(text: string): (LogEntry | FingerprintLine)[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as LogEntry | FingerprintLine]
    } catch {
      return []
    }
  })
}

function isFingerprint(line: LogEntry | FingerprintLine): line is FingerprintLine {
  return 'fingerprint' in line
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
