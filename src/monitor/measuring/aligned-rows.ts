/** Rows that are measured together; the runtime and SIMD code round by the place of a row among so many. */
const ROWS_TOGETHER = 16

/** A row to measure: the image of this index, or a stand-in for one that is not there. */
export type AlignedRow = { readonly index: number; readonly isFiller: boolean }

/**
 * Puts every image in the place that its ordinal gives it among sixteen, and fills the others up: what is measured of it is
 * then the same to the last bit, with whichever images it happens to be measured.
 */
export function alignRows(ordinals: readonly number[]): AlignedRow[] {
  const rows: AlignedRow[] = []
  const fillTo = (place: number, index: number): void => {
    while (rows.length % ROWS_TOGETHER !== place) rows.push({ index, isFiller: true })
  }
  ordinals.forEach((ordinal, index) => {
    fillTo(ordinal % ROWS_TOGETHER, index)
    rows.push({ index, isFiller: false })
  })
  if (ordinals.length > 0) fillTo(0, ordinals.length - 1)
  return rows
}
