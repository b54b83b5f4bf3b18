import type { Allowances, FastOmnibus, OmnibusReference } from '../statistics/index.ts'

/** What a batch is held against, sorted for the window test. */
export type Comparison = {
  readonly prepared: OmnibusReference
  /** Nulls of some batch sizes, drawn ahead. */
  readonly fast?: FastOmnibus | undefined
  /** The reference row behind each row, where they are not the reference's own. */
  readonly originals?: Uint32Array | undefined
  /** What the window test spares each score, where the rows are only near to what is tolerated. */
  readonly allowances?: Allowances | undefined
}

/** What a batch (rows × columns) resembles most of all that is tolerated, likeliest first; the seed decides which rows stand for it. */
export type NearestComparisons = (window: Float32Array, seed: number) => Iterable<Comparison>

/** What belongs to each row of a comparison, of what belongs to each reference row: its label, its block. */
export function behindRows<T extends Uint16Array | Uint32Array>(
  { originals }: Comparison,
  ofReference: T,
): T {
  if (originals === undefined) return ofReference
  // A changed copy has the label of its original, and depends on what that depends on.
  const rows = ofReference.slice(0, originals.length) as T
  originals.forEach((row, i) => {
    rows[i] = ofReference[row]
  })
  return rows
}
