import type { Note, Versions } from '../verdict/index.ts'
import type { MeasuredSource } from '../measuring/values/index.ts'

/** Sources whose pixels no decoder touches. */
const UNCODED: ReadonlySet<string> = new Set(['array', 'idx', 'npy', 'npz'])

/** Where a detector was fitted with other decoders than those that read the batch. */
export function notesOnDecoding(
  fitted: Versions | undefined,
  sources: readonly MeasuredSource[],
): Note[] {
  const earlier = fitted?.decoding
  const present = sources
    .filter(({ kind, decoding }) => !UNCODED.has(kind) && decoding !== earlier)
    .map(({ decoding = null }) => decoding)
  return [...new Set(present)].map((now) => ({ code: 'decoding', fitted: earlier ?? null, now }))
}
