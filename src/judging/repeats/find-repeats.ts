import {
  columnIndex,
  type MeasuredImage,
  type Measurements,
  pickImages,
  pickRows,
  scoreColumn,
  sumExactly,
} from '../../measuring/values/index.ts'
import { conformalPValue } from '../../statistics/index.ts'
import type { Repeats } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { timesIn } from '../hash-counts.ts'
import { isMoreThanNatural, naturalShares } from '../known-images.ts'
import { levelOf, type Policy } from '../policy.ts'
import { patternOf } from './repeat-pattern.ts'

/** A batch, looked through for images that come more than once. */
export type FoundRepeats = {
  /** The batch without what repeats others: what the statistics are of. */
  readonly different: Measurements
  /** Undefined where there are no more of them than by nature. */
  readonly repeats?: Repeats | undefined
  /** Exact copies of other images of the batch. */
  readonly copies: number
}

/** Of each row the first that is the same, or nearly. */
type Groups = ArrayLike<number>

/** Images shown of those that come again. */
const SHOWN = 8

/**
 * Finds images that repeat others, exactly or nearly, more than the reference's do by nature. Of each the first alone is
 * judged: a hundred copies of one image say no more than it does. What is unlike the reference, at the policy's level or as
 * far as so few images can tell, or comes again in the reference stays as often as it came, though: a black frame is one
 * each time.
 */
export function findRepeats(all: Measurements, baseline: Baseline, policy: Policy): FoundRepeats {
  const exact = exactGroups(all)
  const copies = countRepeats(exact)
  const near = nearGroups(all, baseline, { exact, policy })
  const repeated = near ? severalIn(near) : repeatedCopies(exact, all, baseline)
  if (repeated.length === 0) return { different: all, copies }
  const isUnlike = unlikeReference(all, baseline, levelOf(policy) / repeated.length)
  const stays = (row: number): boolean => isUnlike(row) || timesHeld(baseline, all.images[row]) > 1
  const left = new Set(repeated.flatMap((rows) => (stays(rows[0]) ? [] : rows.slice(1))))
  const among = new Set(repeated.flat())
  const groups = near ?? exact
  const again = among.size - repeated.length
  const sequence = all.images.map((_, row) => (among.has(row) ? groups[row] : row))
  return {
    different: withoutRows(all, left),
    repeats: {
      ...patternOf(sequence),
      of: all.images.length,
      isNear: near !== undefined,
      again,
      leftOut: left.size,
      areMany: again > policy.manyRepeats * all.images.length,
      shown: exemplarsOf(repeated, all),
    },
    copies,
  }
}

function exactGroups({ images }: Measurements): Groups {
  const first = new Map<number, number>()
  return Uint32Array.from(images, ({ hash }, row) => {
    const known = first.get(hash) ?? row
    first.set(hash, known)
    return known
  })
}

/** The groups with several rows, each with its rows in order. */
function severalIn(groups: Groups): number[][] {
  const rows = Map.groupBy(
    Array.from(groups, (_, row) => row),
    (row) => groups[row],
  )
  return [...rows.values()].filter(({ length }) => length > 1)
}

function countRepeats(groups: Groups): number {
  return Array.from(groups).filter((first, row) => first !== row).length
}

/** Exact copies; those aside that the reference holds as many of. */
function repeatedCopies(exact: Groups, { images }: Measurements, baseline: Baseline): number[][] {
  const count = countRepeats(exact)
  if (count === 0) return []
  const { known, settings } = baseline
  const { reference, copies = 0 } = settings.counts
  // Copies of held-out images were kept out of the learning: each may have one among them.
  const share = Math.min(1, naturalShares(known).copies + copies / Math.max(1, reference))
  if (!isMoreThanNatural(count, images.length, share)) return []
  return severalIn(exact).filter((rows) => {
    const times = timesHeld(baseline, images[rows[0]])
    return times < 2 || isMoreThanNatural(rows.length, images.length, times / reference)
  })
}

/** How often an image is held out. */
function timesHeld({ known }: Baseline, { hash }: MeasuredImage): number {
  return known === undefined ? 0 : timesIn(known.reference, hash)
}

/** So many images may be near others by chance where none of the reference is: 3/n bounds a rate that was not met in n. */
const NEVER_MET = 3

/** Groups of images that are nearly the same, exact copies among them; undefined where they are few, or as many by nature. */
function nearGroups(
  { images, columns, values }: Measurements,
  { nearCopies, table }: Baseline,
  { exact, policy }: { readonly exact: Groups; readonly policy: Policy },
): Groups | undefined {
  const finder = nearCopies()
  if (finder === undefined) return undefined
  const rows = [...images.keys()].filter((row) => exact[row] === row)
  const found = finder.groups(pickRows(values, rows, columns.length))
  const count = countRepeats(found)
  if (count <= policy.manyRepeats * images.length) return undefined
  const share = Math.max(finder.naturalShare(), NEVER_MET / table.rows)
  // The more images there are, the more often one has another near it.
  const natural = Math.min(1, share * Math.max(1, images.length / table.rows))
  if (!isMoreThanNatural(count, images.length, natural)) return undefined
  const firstOf = new Map(rows.map((row, i) => [row, rows[found[i]]]))
  return Uint32Array.from(exact, (first) => firstOf.get(first) ?? first)
}

/** Tells of a row whether its image is unlike the reference's. */
function unlikeReference(
  { columns, values }: Measurements,
  { sortedScores }: Baseline,
  level: number,
): (row: number) => boolean {
  const score = scoreColumn(columns)
  const smallest = 1 / (sortedScores.length + 1)
  return (row) =>
    conformalPValue(sortedScores, values[row * columns.length + score]) <= Math.max(level, smallest)
}

function withoutRows(all: Measurements, left: ReadonlySet<number>): Measurements {
  if (left.size === 0) return all
  const { images, columns, count } = all
  const kept = [...images.keys()].filter((row) => !left.has(row))
  const own = pickImages(all, kept)
  const loss = columnIndex(columns, 'loss')
  return {
    ...all,
    ...own,
    // Of a sampled batch the sample's share.
    count: Math.round((count * kept.length) / images.length),
    loss: sumExactly(kept.map((_, i) => own.values[i * columns.length + loss])),
  }
}

function exemplarsOf(repeated: readonly number[][], { images }: Measurements): Repeats['shown'] {
  return repeated
    .toSorted((a, b) => b.length - a.length)
    .slice(0, SHOWN)
    .map(([row]) => ({ id: images[row].record.id, place: images[row].place }))
}
