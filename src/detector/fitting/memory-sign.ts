import { NO_LABEL, type ReferenceLabels } from '../../judging/index.ts'

/** How well predicted classes go with labels: `right` of `labelled` images. */
export type Agreement = { readonly right: number; readonly labelled: number }

/** Fewer labelled images are no sign of anything. */
const FEWEST_LABELLED = 100
/** From this share on a classifier is as good as on images it was trained on. */
const MEMORY = 0.998

/** Each predicted class stands for the label it mostly goes with: what they are called need not be known. */
export function agreementOf(
  predicted: ArrayLike<number>,
  { codes, names }: ReferenceLabels,
): Agreement {
  const counts = new Map<number, number[]>()
  let labelled = 0
  codes.forEach((code, row) => {
    if (code === NO_LABEL) return
    labelled++
    const own = counts.get(predicted[row]) ?? names.map(() => 0)
    own[code]++
    counts.set(predicted[row], own)
  })
  const right = [...counts.values()].reduce((sum, own) => sum + Math.max(...own), 0)
  return { right, labelled }
}

/** Whether a classifier is so good on held-out images that it may have been trained on them. */
export function isSignOfMemory({ right, labelled }: Agreement): boolean {
  return labelled >= FEWEST_LABELLED && right >= MEMORY * labelled
}
