import { changedParts } from '../fingerprint/changed-parts.ts'
import { BATCH_PARTS, type Fingerprint, type ProductPart } from '../fingerprint/fingerprint.ts'

/** When and by which code one cell was computed. */
export type CellOrigin = {
  /** ISO 8601, when it ended. */
  readonly date: string
  readonly seconds: number
  /** As `readCommit` tells it; absent outside a checkout. */
  readonly commit?: string
}

/** What stands behind a stored result, however many runs it took. */
export type Provenance = {
  readonly cells: number
  /** When the first of them ended, and the last. */
  readonly from: string
  readonly to: string
  /** Of all cells, in this run and in the runs it resumed. */
  readonly measuredSeconds: number
  /** Every commit that computed some of it; `+` after one says that its code had been changed. */
  readonly commits: readonly string[]
  /** One commit, without changes. */
  readonly clean: boolean
  /** What the product computed then. */
  readonly fingerprint: Fingerprint
  /** The parts of it that the figures depend on; absent in older results: what judging a batch does. */
  readonly dependsOn?: readonly ProductPart[]
}

/** Sums up the cells of a result; there must be one at least. */
export function provenanceOf(
  cells: readonly CellOrigin[],
  fingerprint: Fingerprint,
  dependsOn: readonly ProductPart[] = BATCH_PARTS,
): Provenance {
  if (cells.length === 0) throw new RangeError('expected at least one cell, got none')
  const dates = cells.map(({ date }) => date).toSorted()
  const commits = [...new Set(cells.map(({ commit }) => commit ?? 'unknown'))].toSorted()
  const seconds = cells.reduce((sum, cell) => sum + cell.seconds, 0)
  return {
    cells: cells.length,
    from: dates[0],
    to: dates[dates.length - 1],
    measuredSeconds: Math.round(10 * seconds) / 10,
    commits,
    clean: commits.length === 1 && commits[0] !== 'unknown' && !commits[0].endsWith('+'),
    fingerprint,
    dependsOn,
  }
}

/** The parts that a result depends on and that the present product computes otherwise. */
export function outdatedParts(
  { fingerprint, dependsOn = BATCH_PARTS }: Provenance,
  present: Fingerprint,
): ProductPart[] {
  return changedParts(fingerprint, present).filter((part) => dependsOn.includes(part))
}
