import { mapVectors } from '../images/index.ts'
import { takeRows } from '../tensor/index.ts'
import { blockOrder, blocksOf } from './blocks.ts'
import type { ReadImages } from './read-reference.ts'

/** Images with the block of each, where they depend on each other. */
export type BlockedImages = ReadImages & { readonly blocks?: Uint32Array }

/** Images of a block brought together, blocks in random order; as they are without `blockBy`. */
export function gatherBlocks(read: ReadImages, blockBy: string | undefined): BlockedImages {
  if (blockBy === undefined) return read
  const unordered = blocksOf(read.records, blockBy)
  const order = blockOrder(unordered)
  return {
    ...read,
    pixels: takeRows(read.pixels, order),
    given: mapVectors(read.given, (rows) => takeRows(rows, order)),
    records: Array.from(order, (row) => read.records[row]),
    hashes: Float64Array.from(order, (row) => read.hashes[row]),
    blocks: order.map((row) => unordered[row]),
  }
}
