import type { Versions } from '../judging/index.ts'
import type { MeasuredSource } from '../measuring/values/index.ts'

/** Sources whose pixels no decoder touches. */
const UNCODED: ReadonlySet<string> = new Set(['array', 'idx', 'npy', 'npz'])

/** What a reader should know where a detector was fitted with other decoders than those that read the batch. */
export function notesOnDecoding(
  fitted: Versions | undefined,
  sources: readonly MeasuredSource[],
): string[] {
  const earlier = fitted?.decoding
  const present = sources
    .filter(({ kind, decoding }) => !UNCODED.has(kind) && decoding !== earlier)
    .map(({ decoding = 'an older version' }) => decoding)
  const by = earlier === undefined ? 'an older version' : earlier
  return [...new Set(present)].map(
    (own) =>
      `the detector was fitted on pictures decoded and resized by ${by}, now by ${own}: pixels may differ by a few grey levels, which can pass for drift; fit anew to be sure`,
  )
}
