import {
  columnIndex,
  type Measurements,
  type Moments,
  momentsOfSums,
  pickImages,
} from '../measuring/values/index.ts'
import {
  createRecogniser,
  isMoreThanNatural,
  type KnownImages,
  naturalShares,
  type Origin,
  type OriginCounts,
} from './known-images.ts'
import { momentsOf } from './loss-comparison.ts'
import type { Note, Recognised } from '../verdict/index.ts'

/** The part of a batch that is judged. */
export type JudgedWindow = Pick<Measurements, 'images' | 'values' | 'places'> & {
  readonly loss: Moments
  /** Readable images it stands for. */
  readonly count: number
  /** Images left out of the judgement, which were learned from. */
  readonly setAside: number
}

/** The part of a batch that is judged, and what was recognised in it. */
export type CheckedWindow = {
  /** Without images that the detector learned from. */
  readonly judged: JudgedWindow
  readonly recognised: Omit<Recognised, 'copies'>
  readonly notes: readonly Note[]
}

/**
 * Takes out of the judgement what was learned from: the autoencoder redraws those images better than new ones, so a
 * batch of them would differ from the held-out images without any drift. What remains is compared as ever.
 */
export function setAside(all: Measurements, known: KnownImages | undefined): CheckedWindow {
  const hashes = Float64Array.from(all.images, ({ hash }) => hash)
  const recogniser = createRecogniser(known)
  const origins = recogniser.look(hashes)
  const counts = recogniser.counts()
  const rows = all.images.length
  const recognised = { learned: counts.learned, reference: counts.reference }
  // Where nothing was met again, what is natural need not be counted.
  const isAnyMet = Boolean(counts.learned || counts.reference)
  const natural = naturalShares(isAnyMet ? known : undefined)
  const isFitted = isMoreThanNatural(counts.learned, rows, natural.learned)
  const judged = isFitted
    ? withoutLearned(all, origins, counts)
    : { ...all, loss: lossOf(all), setAside: 0 }
  const note = (code: 'learned' | 'held-out', images: number): Note => ({
    code,
    images,
    of: rows,
  })
  const notes = [
    ...(isFitted ? [note('learned', counts.learned)] : []),
    ...(isMoreThanNatural(counts.reference, rows, natural.copies)
      ? [note('held-out', counts.reference)]
      : []),
  ]
  return { judged, recognised, notes }
}

/** The loss of all images, those that are not in the sample too. */
function lossOf({ columns, images, values, count, loss }: Measurements): Moments {
  if (images.length < count) return momentsOfSums(loss)
  const column = columnIndex(columns, 'loss')
  return momentsOf(images.map((_, row) => values[row * columns.length + column]))
}

function withoutLearned(
  all: Measurements,
  origins: readonly Origin[],
  counts: OriginCounts,
): JudgedWindow {
  const { columns, images, count } = all
  const kept = keptRows(origins, counts)
  const own = pickImages(all, kept)
  const lossColumn = columnIndex(columns, 'loss')
  return {
    ...own,
    loss: momentsOf(kept.map((_, i) => own.values[i * columns.length + lossColumn])),
    // Of a sampled batch the sample's share.
    count: Math.round((count * kept.length) / images.length),
    setAside: counts.learned,
  }
}

/** Recurring images belong to old and new ones alike: as large a share of them stays as of the others. */
function keptRows(origins: readonly Origin[], counts: OriginCounts): number[] {
  const recurring = origins.filter((origin) => origin === 'recurring').length
  let left = Math.round(recurring * shareOfNew(counts))
  return [...origins.keys()].filter((row) =>
    origins[row] === 'recurring' ? left-- > 0 : origins[row] !== 'learned',
  )
}

function shareOfNew(origins: OriginCounts): number {
  const others = origins.new + origins.reference
  return others / (others + origins.learned)
}
