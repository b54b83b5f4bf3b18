import { availableParallelism } from 'node:os'
import { throwIfCancelled } from '../../src/errors.ts'
import { changedParts } from '../fingerprint/changed-parts.ts'
import { BATCH_PARTS, partId } from '../fingerprint/fingerprint.ts'
import type { FinishedFigures, Invocation } from './command.ts'
import { type CellAnswer, type PoolOptions, runCells } from './process-pool.ts'
import { openProgress, type Progress } from './progress.ts'
import { provenanceOf } from './provenance.ts'
import type { Study } from './study.ts'
import { contentKey, type LogEntry, openWorkLog, type WorkLog } from './work-log.ts'

/** Runs the cells that aren't in the work log yet and summarises all; a failed cell fails the study at the end. */
export async function runStudy(invocation: Invocation<Study>): Promise<FinishedFigures> {
  const { subject: study, found, values, flags, workPath, fingerprint, signal } = invocation
  const dependsOn = study.dependsOn ?? BATCH_PARTS
  const cells = study.cells(values).map((cell) => ({
    cell,
    key: contentKey({ study: found.name, revision: study.revision, cell }),
  }))
  const log = await openWorkLog(`${workPath}.jsonl`, {
    resume: flags.resume,
    fingerprint,
    isSame: (older) => {
      const changed = changedParts(older, fingerprint)
      return !dependsOn.some((part) => changed.includes(part))
    },
  })
  const finished = new Map<string, Omit<LogEntry, 'product'>>(log.finished)
  const missing = cells.filter(({ key }) => !finished.has(key))
  const progress = openProgress({ total: cells.length, alreadyDone: cells.length - missing.length })
  if (log.refused > 0) progress.log(`${log.refused} kept cells are of another product: run again`)
  const { entries, failures } = await runMissing(missing, { log, progress }, invocation)
  for (const entry of entries) finished.set(entry.key, entry)
  throwIfCancelled(signal)
  if (failures > 0) {
    throw new Error(`${failures} of ${cells.length} cells failed; the others are kept for --resume`)
  }
  const origins = cells.flatMap(({ key }) => finished.get(key)?.origin ?? [])
  const outcomes = cells.map(({ cell, key }) => ({ cell, result: finished.get(key)?.result }))
  return {
    figures: study.summarise(outcomes, values),
    provenance: provenanceOf(origins, fingerprint, dependsOn),
  }
}

type Cell = { readonly cell: object; readonly key: string }
type Entry = Omit<LogEntry, 'product'>

/** Runs cells in processes and writes each to the log as soon as it is there. */
async function runMissing(
  missing: readonly Cell[],
  { log, progress }: { readonly log: WorkLog; readonly progress: Progress },
  invocation: Invocation<Study>,
): Promise<{ readonly entries: readonly Entry[]; readonly failures: number }> {
  const entries: Entry[] = []
  const appends: Promise<void>[] = []
  let failures = 0
  const onFinished = (index: number, answer: CellAnswer): void => {
    const { cell, key } = missing[index]
    if ('failure' in answer) {
      failures++
      progress.log(`failed: ${JSON.stringify(cell)}\n${answer.failure}`)
      return
    }
    const entry = { key, cell, ...answer }
    entries.push(entry)
    appends.push(log.append(entry))
    progress.advance(`last took ${answer.origin.seconds.toFixed(1)} s`)
  }
  const options = { ...poolOptions(invocation, missing.length), onLog: progress.log, onFinished }
  await runCells(
    missing.map(({ cell }) => cell),
    options,
  ).finally(progress.end)
  await Promise.all(appends)
  return { entries, failures }
}

/** The cores are shared out among the cells that run at once. */
function poolOptions(
  { subject: study, found, flags, fingerprint, signal }: Invocation<Study>,
  cells: number,
): Pick<PoolOptions, 'url' | 'workers' | 'context' | 'signal'> {
  const cores = availableParallelism()
  const most = Math.min(flags.workers ?? cores, study.maximumWorkers ?? cores)
  const workers = Math.min(most, Math.max(1, cells))
  const threads = Math.max(1, Math.floor(cores / workers))
  const context = { threads, featuresId: partId(fingerprint, 'features') }
  return { url: found.url, workers, context, signal }
}
