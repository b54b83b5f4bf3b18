import { mapSideInputs } from '../../images/index.ts'
import { sliceRows, type Tensor } from '../../tensor/index.ts'
import type { HashedPart, Splits } from './splits.ts'

/** Smallest share of a part that has to remain for learning. */
const SMALLEST_REST = 0.5

/** What is learned from, without copies of held-out images. */
export type Separated = {
  readonly learning: Splits['learning']
  /** Exact copies of held-out images that were among the images to learn from. */
  readonly copies: number
  /** False where they are so many that little else would be left: they stay, and are learned from. */
  readonly areRemoved: boolean
}

/**
 * An image that occurs several times may fall into both parts; then it is not learned from, so that the held-out images
 * keep the shares they have in the world. Works in place.
 */
export function removeCopies({ learning, reference }: Splits): Separated {
  const held = new Set(reference.hashes)
  const parts = [learning.training, learning.validation]
  const kept = parts.map(({ hashes }) => rowsOutside(hashes, held))
  const copies = parts.reduce((sum, { hashes }, i) => sum + hashes.length - kept[i].length, 0)
  if (copies === 0) return { learning, copies, areRemoved: true }
  if (parts.some(({ hashes }, i) => kept[i].length < SMALLEST_REST * hashes.length))
    return { learning, copies, areRemoved: false }
  const [training, validation] = parts.map((part, i) => keepRows(part, kept[i]))
  return { learning: { training, validation }, copies, areRemoved: true }
}

function rowsOutside(hashes: Float64Array, held: ReadonlySet<number>): number[] {
  return [...hashes.keys()].filter((row) => !held.has(hashes[row]))
}

function keepRows({ pixels, sideInputs, hashes }: HashedPart, rows: readonly number[]): HashedPart {
  const keep = (all: Tensor): Tensor => moveUp(all, rows)
  return {
    pixels: keep(pixels),
    sideInputs: mapSideInputs(sideInputs, keep),
    hashes: Float64Array.from(rows, (row) => hashes[row]),
  }
}

/** The ascending rows brought together at the start: a copy of all images would double the memory. */
function moveUp(all: Tensor, rows: readonly number[]): Tensor {
  const width = all.data.length / Math.max(1, all.shape[0])
  rows.forEach((row, i) => all.data.copyWithin(i * width, row * width, (row + 1) * width))
  return sliceRows(all, 0, rows.length)
}
