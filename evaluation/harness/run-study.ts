import { availableParallelism } from 'node:os'
import { throwIfCancelled } from '../../src/errors.ts'
import type { Invocation } from './command.ts'
import { type CellFailed, runCells } from './process-pool.ts'
import { openProgress } from './progress.ts'
import type { Study } from './study.ts'
import { contentKey, type LogEntry, openWorkLog } from './work-log.ts'

/** Runs the cells that aren't in the work log yet and summarises all; a failed cell fails the study at the end. */
export async function runStudy(invocation: Invocation<Study>): Promise<object> {
  const { subject: study, found, values, flags, workPath, signal } = invocation
  const cells = study.cells(values)
  const keys = cells.map((cell) =>
    contentKey({ study: found.name, revision: study.revision, cell }),
  )
  const log = await openWorkLog(`${workPath}.jsonl`, flags)
  const entries = new Map<string, LogEntry>(log.finished)
  const missing = cells.flatMap((cell, i) => (entries.has(keys[i]) ? [] : [{ cell, key: keys[i] }]))
  const progress = openProgress({ total: cells.length, alreadyDone: cells.length - missing.length })
  const failures: CellFailed[] = []
  const appends: Promise<void>[] = []

  const cores = availableParallelism()
  const workers = Math.min(
    flags.workers ?? cores,
    study.maximumWorkers ?? cores,
    Math.max(1, missing.length),
  )
  await runCells(
    missing.map(({ cell }) => cell),
    {
      url: found.url,
      workers,
      threads: Math.max(1, Math.floor(cores / workers)),
      onLog: progress.log,
      onFinished: (reply) => {
        if (reply.type === 'failed') {
          failures.push(reply)
          progress.log(`failed: ${JSON.stringify(missing[reply.index].cell)}\n${reply.message}`)
          return
        }
        const entry = { ...missing[reply.index], result: reply.result, seconds: reply.seconds }
        entries.set(entry.key, entry)
        appends.push(log.append(entry))
        progress.advance(`last took ${reply.seconds.toFixed(1)} s`)
      },
      signal,
    },
  ).finally(progress.end)
  await Promise.all(appends)
  throwIfCancelled(signal)
  if (failures.length > 0) {
    throw new Error(
      `${failures.length} of ${cells.length} cells failed; the others are kept for --resume`,
    )
  }
  const outcomes = cells.map((cell, i) => ({ cell, result: entries.get(keys[i])?.result }))
  return study.summarise(outcomes, values)
}
