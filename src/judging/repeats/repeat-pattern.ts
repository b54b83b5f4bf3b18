import type { Repeats } from '../../verdict/index.ts'

/** What images that repeat look like as a sequence. */
export type RepeatPattern = Pick<Repeats, 'kind' | 'images' | 'different' | 'times'>

/** Some images out of step are still a loop, or every image so many times. */
const IN_STEP = 0.95
/** Rounds of a loop that have to be there. */
const ROUNDS = 3
/** A stretch of so many equal images is a feed that froze, however many others there are. */
const STRETCH = 10

/**
 * What a sequence of images, given by the group that each belongs to, repeats: one image, some in turn, each so many times,
 * or just some. At least one group has several.
 */
export function patternOf(groups: readonly number[]): RepeatPattern {
  const counts = new Map<number, number>()
  for (const group of groups) counts.set(group, (counts.get(group) ?? 0) + 1)
  const sequence: Sequence = { groups, sizes: [...counts.values()], ...largestOf(counts) }
  const different = counts.size
  const pattern = [loop, standstill, each, stretch].reduce<RepeatPattern | undefined>(
    (found, look) => found ?? look(sequence),
    undefined,
  )
  return pattern ?? { kind: 'some', images: groups.length - different, different }
}

type Sequence = {
  readonly groups: readonly number[]
  readonly sizes: readonly number[]
  readonly largest: number
  /** Images of the largest group. */
  readonly most: number
}

function largestOf(counts: ReadonlyMap<number, number>): Pick<Sequence, 'largest' | 'most'> {
  const [largest, most] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best))
  return { largest, most }
}

/** Some images come again after the same way, at least two of them. */
function loop({ groups, sizes }: Sequence): RepeatPattern | undefined {
  const inTurn = sizes.filter((size) => size > 1)
  if (inTurn.length < 2 || comesAgain(groups, 1)) return undefined
  for (let period = 2; period * ROUNDS <= groups.length; period++) {
    if (!comesAgain(groups, period)) continue
    const images = inTurn.reduce((sum, size) => sum + size, 0)
    return { kind: 'loop', images, different: inTurn.length }
  }
  return undefined
}

/** More than half of the images are one. */
function standstill({ groups, sizes, most }: Sequence): RepeatPattern | undefined {
  if (2 * most <= groups.length) return undefined
  return { kind: 'frozen', images: most, different: sizes.length }
}

function each({ groups, sizes }: Sequence): RepeatPattern | undefined {
  const alike = [...Map.groupBy(sizes, (size) => size)]
    .map(([times, { length }]) => ({ times, different: length, images: times * length }))
    .reduce((best, one) => (one.images > best.images ? one : best))
  if (alike.times < 2 || alike.images < IN_STEP * groups.length) return undefined
  return { kind: 'each', ...alike }
}

/** The images of the largest group follow each other, for a while. */
function stretch({ groups, sizes, largest, most }: Sequence): RepeatPattern | undefined {
  const span = groups.lastIndexOf(largest) - groups.indexOf(largest) + 1
  if (most < STRETCH || most < IN_STEP * span) return undefined
  return { kind: 'frozen', images: most, different: sizes.length }
}

function comesAgain(groups: readonly number[], period: number): boolean {
  const compared = groups.length - period
  let missed = 0
  for (let i = period; i < groups.length; i++) {
    if (groups[i] !== groups[i - period] && ++missed > (1 - IN_STEP) * compared) return false
  }
  return true
}
