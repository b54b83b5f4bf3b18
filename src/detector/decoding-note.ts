import type { ImageSource } from '../images/index.ts'
import type { Versions } from '../judging/index.ts'

/** Sources whose pixels no decoder touches. */
const UNCODED: ReadonlySet<string> = new Set(['array', 'idx', 'npy', 'npz'])

/** What a reader should know where a detector was fitted with other decoders than those that read the batch. */
export function notesOnDecoding(
  fitted: Versions | undefined,
  { decoding: present }: Versions,
  { kind }: ImageSource,
): string[] {
  const earlier = fitted?.decoding
  if (UNCODED.has(kind) || earlier === present) return []
  const by = earlier === undefined ? 'an older version' : earlier
  return [
    `the detector was fitted on pictures decoded and resized by ${by}, now by ${present}: pixels may differ by a few grey levels, which can pass for drift; fit anew to be sure`,
  ]
}
