import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { ImageScore } from '../judging/index.ts'
import { openReplacement } from '../whole-file.ts'
import { outputError } from './outputs.ts'

/** Writes every image's scores as CSV while a batch is read; the file appears only when it is complete. */
export type ScoreWriter = {
  write(scores: readonly ImageScore[]): void
  finish(): Promise<void>
  discard(): Promise<void>
}

/** Opens a writer for `path`; throws DriftError('output.unwritable') where it can't be written. */
export async function createScoreWriter(path: string): Promise<ScoreWriter> {
  const file = await openReplacement(path).catch((cause: unknown) => {
    throw outputError(path, cause)
  })
  const stream = createWriteStream(file.path, { flags: file.flags })
  // Kept for `finish`: an unhandled 'error' event would end the process without a message.
  let failure: Error | undefined
  stream.on('error', (error) => (failure = error))
  stream.write('id,label,loss,excess_loss,score,p_value\n')
  return {
    write: (scores) => {
      for (const { record, loss, excessLoss, score, pValue } of scores) {
        const names = [record.id, record.label ?? ''].map(nameCell)
        stream.write(`${[...names, loss, excessLoss, score, pValue].join(',')}\n`)
      }
    },
    finish: async () => {
      try {
        stream.end()
        if (failure !== undefined) throw failure
        await finished(stream)
        await file.commit()
      } catch (cause) {
        await file.discard()
        throw outputError(path, cause)
      }
    },
    discard: async () => {
      stream.destroy()
      // The file may only now be opened; without this wait it would appear after it was removed.
      await finished(stream).catch(() => {})
      await file.discard()
    },
  }
}

/** A cell of text by RFC 4180; an apostrophe keeps spreadsheets from taking a name such as `=1+2` for a formula. */
function nameCell(text: string): string {
  const cell = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\n\r]/.test(cell) || cell !== text ? `"${cell.replaceAll('"', '""')}"` : cell
}
