import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describeMachine, type Machine } from './machine.ts'
import type { Provenance } from './provenance.ts'

/** A stored run: what was asked, when and where, and what came out. */
export type StoredResult = {
  readonly command: string
  /** ISO 8601, when the run ended. */
  readonly date: string
  readonly machine: Machine
  readonly options: Readonly<Record<string, unknown>>
  /** By which code and when; absent in results older than its record. */
  readonly provenance?: Provenance
  /** Processes that wanted a core when the run began, its own not yet among them. */
  readonly loadAtStart: number
  readonly figures: object
}

/** What the caller knows of its run; the machine is added here. */
export type FinishedRun = Omit<StoredResult, 'machine'>

/** Writes a result whole or not at all, and returns it. */
export async function storeResult(path: string, run: FinishedRun): Promise<StoredResult> {
  const { command, date, ...rest } = run
  const stored: StoredResult = { command, date, machine: describeMachine(), ...rest }
  await mkdir(dirname(path), { recursive: true })
  await writeFile(`${path}.partial`, `${JSON.stringify(stored, undefined, 2)}\n`)
  await rename(`${path}.partial`, path)
  return stored
}

/** All stored results of a folder by file name without `.json`; an absent folder has none. */
export async function readResults(folder: string): Promise<Map<string, StoredResult>> {
  const files = await readdir(folder).catch(() => [])
  const results = new Map<string, StoredResult>()
  for (const file of files.filter((name) => name.endsWith('.json')).toSorted()) {
    const text = await readFile(join(folder, file), 'utf8')
    results.set(file.replace(/\.json$/, ''), JSON.parse(text) as StoredResult)
  }
  return results
}
