import { createRandom } from '../../src/tensor/index.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount, type View } from '../window/view.ts'

/** Clean images before the change. */
export const BEFORE = 1000

/** Changes that were not seen within so many images count as seen there. */
export const MOST = 3000

/** Shares of the images that are changed. */
export const SHARES = [1, 0.5, 0.1]

export type DelayStreamOptions = {
  /** Of each image after the change, the chance that it is a changed one. */
  readonly share: number
  readonly seed: number
}

/** A change of some images of a data set. */
export type DelayCell = { readonly data: string; readonly change: string; readonly share: number }

/** The seed of a run of a cell: studies that ask for the same get the same images in the same order. */
export function delaySeed({ data, change, share }: DelayCell, run: number): number {
  return seedOf('delay', data, change, share, run)
}

/** Rows of a stream, one after the other: `BEFORE` clean ones, then changed ones among them. */
export function openDelayStream(
  { clean, changed }: { readonly clean: View; readonly changed: View },
  { share, seed }: DelayStreamOptions,
): () => Float32Array {
  const next = drawer({ clean, changed }, seed)
  const random = createRandom(seed)
  let taken = 0
  return () => next(taken++ >= BEFORE && random.uniform() < share)
}

/** Clean images and changed ones, each at most once; changed ones are of other images than the clean ones. */
function drawer(
  { clean, changed }: { readonly clean: View; readonly changed: View },
  seed: number,
): (isChanged: boolean) => Float32Array {
  const random = createRandom(seed)
  const own = rowCount(changed)
  const cleanOrder = random.permutation(rowCount(clean) - own)
  const changedOrder = random.permutation(own)
  let [c, d] = [0, 0]
  return (isChanged) => {
    const view = isChanged ? changed : clean
    const row = isChanged ? changedOrder[d++] : own + cleanOrder[c++]
    return view.values.subarray(row * view.width, (row + 1) * view.width)
  }
}
