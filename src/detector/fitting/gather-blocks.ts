import { sideInputNamesOf } from '../../images/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { blockOrder, blocksOf } from '../../judging/index.ts'
import type { ReadImages } from './read-reference.ts'
import { permuteRows } from './row-store.ts'

/** Images with the block of each, where they depend on each other. */
export type BlockedImages = ReadImages & { readonly blocks?: Uint32Array }

/** Images of a block brought together, in place, blocks in random order; as they are without `blockBy`. */
export function gatherBlocks(read: ReadImages, blockBy: string | undefined): BlockedImages {
  if (blockBy === undefined) return read
  const unordered = blocksOf(read.records, blockBy)
  const order = blockOrder(unordered)
  const others = sideInputNamesOf(read.sideInputs).flatMap((name) => read.sideInputs[name] ?? [])
  for (const rows of [read.pixels, ...others]) permute(rows, order)
  return {
    ...read,
    records: Array.from(order, (row) => read.records[row]),
    hashes: Float64Array.from(order, (row) => read.hashes[row]),
    blocks: order.map((row) => unordered[row]),
  }
}

function permute({ shape, data }: Tensor, order: Uint32Array): void {
  const [rows = 0] = shape
  permuteRows(data, data.length / Math.max(1, rows), order)
}
