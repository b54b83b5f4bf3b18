import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import type { ImageScore } from '../detector/index.ts'
import { outputError, partialOf } from './outputs.ts'

/** Writes every image's scores as CSV while a batch is read; the file appears only when it is complete. */
export type ScoreWriter = {
  write(scores: readonly ImageScore[]): void
  finish(): Promise<void>
  discard(): Promise<void>
}

/** Opens a writer for `path`. */
export function createScoreWriter(path: string): ScoreWriter {
  const partial = partialOf(path)
  const stream = createWriteStream(partial)
  // Kept for `finish`: an unhandled 'error' event would end the process without a message.
  let failure: Error | undefined
  stream.on('error', (error) => (failure = error))
  stream.write('id,label,loss,excess_loss,score,p_value\n')
  return {
    write: (scores) => {
      for (const { record, loss, excessLoss, score, pValue } of scores) {
        const cells = [record.id, record.label ?? '', loss, excessLoss, score, pValue]
        stream.write(`${cells.map((cell) => quote(String(cell))).join(',')}\n`)
      }
    },
    finish: async () => {
      try {
        stream.end()
        if (failure !== undefined) throw failure
        await finished(stream)
        await rename(partial, path)
      } catch (cause) {
        await rm(partial, { force: true })
        throw outputError(path, cause)
      }
    },
    discard: async () => {
      stream.destroy()
      // The file may only now be opened; without this wait it would appear after it was removed.
      await finished(stream).catch(() => {})
      await rm(partial, { force: true })
    },
  }
}

/** Quotes a cell by RFC 4180 where it needs it. */
function quote(cell: string): string {
  return /[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
