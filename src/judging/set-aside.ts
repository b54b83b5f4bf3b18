import { countCopies } from './hash-counts.ts'
import {
  isMoreThanNatural,
  type KnownImages,
  naturalShares,
  type OriginCounts,
} from './known-images.ts'
import { momentsOf } from './loss-comparison.ts'
import type { WindowImages } from './window-images.ts'
import type { Recognised } from './verdict.ts'

/** A batch as it was measured, and the part of it that is judged. */
export type CheckedWindow = {
  readonly all: WindowImages
  /** Without images that the detector learned from. */
  readonly judged: WindowImages
  readonly recognised: Recognised
  readonly notes: readonly string[]
}

/** How the rows of a window are laid out. */
type Layout = { readonly columnCount: number; readonly lossColumn: number }

/**
 * Takes out of the judgement what was learned from: the autoencoder redraws those images better than new ones, so a
 * batch of them would differ from the held-out images without any drift. What remains is compared as ever.
 */
export function setAside(
  all: WindowImages,
  known: KnownImages | undefined,
  layout: Layout,
): CheckedWindow {
  const { origins } = all
  const copies = countCopies(Float64Array.from(all.rows, ({ hash }) => hash))
  const recognised = { learned: origins.learned, reference: origins.reference, copies }
  const isAnyKnown = origins.learned + origins.reference + copies > 0
  const natural = known && isAnyKnown ? naturalShares(known) : { learned: 0, copies: 0 }
  const isFitted = isMoreThanNatural(origins.learned, all.count, natural.learned)
  const judged = isFitted ? withoutLearned(all, layout) : all
  const notes = [
    ...(isFitted ? [noteOnLearned(all)] : []),
    ...(isMoreThanNatural(origins.reference, all.count, natural.copies)
      ? [
          `${origins.reference} of ${all.count} images are held-out reference images of this detector: they are compared with themselves, which is quieter than new images are`,
        ]
      : []),
    ...(isMoreThanNatural(copies, all.rows.length, natural.copies)
      ? [`${copies} of ${all.rows.length} images are exact copies of others in this batch`]
      : []),
  ]
  return { all, judged, recognised, notes }
}

function noteOnLearned({ origins, count }: WindowImages): string {
  return `${origins.learned} of ${count} images were used to fit this detector and are left out of the comparison: it knows them too well to judge by them`
}

function withoutLearned(all: WindowImages, { columnCount, lossColumn }: Layout): WindowImages {
  const kept = keptRows(all)
  const values = new Float32Array(kept.length * columnCount)
  kept.forEach((row, i) => {
    values.set(all.values.subarray(row * columnCount, (row + 1) * columnCount), i * columnCount)
  })
  const losses = kept.map((_, i) => values[i * columnCount + lossColumn])
  return {
    ...all,
    rows: kept.map((row) => all.rows[row]),
    values,
    loss: momentsOf(losses),
    // Of a sampled batch the sample's share.
    count: Math.round((all.count * kept.length) / Math.max(1, all.rows.length)),
    setAside: all.origins.learned,
  }
}

/** Recurring images belong to old and new ones alike: as large a share of them stays as of the others. */
function keptRows({ rows, origins }: WindowImages): number[] {
  const recurring = rows.filter(({ origin }) => origin === 'recurring').length
  let left = Math.round(recurring * shareOfNew(origins))
  return [...rows.keys()].filter((row) => {
    const { origin } = rows[row]
    return origin === 'recurring' ? left-- > 0 : origin !== 'learned'
  })
}

function shareOfNew(origins: OriginCounts): number {
  const others = origins.new + origins.reference
  return others / Math.max(1, others + origins.learned)
}
