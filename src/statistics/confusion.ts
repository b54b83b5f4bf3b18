import { matrix, type Matrix } from '../tensor/index.ts'

/** Predicted class by true class, or by label where those are others: entry (i, j) counts images of j predicted as i. */
export function confusionMatrix(
  predicted: ArrayLike<number>,
  actual: ArrayLike<number>,
  size: number | readonly [classes: number, labels: number],
): Matrix {
  const [classes, labels] = typeof size === 'number' ? [size, size] : size
  const data = new Float64Array(classes * labels)
  Array.from(predicted).forEach((one, i) => {
    data[one * labels + actual[i]]++
  })
  return matrix(classes, labels, data)
}

/** Images of each true class: the sums of the columns. */
export function labelTotals({ columns, data }: Matrix): Float64Array {
  const totals = new Float64Array(columns)
  data.forEach((count, i) => {
    totals[i % columns] += count
  })
  return totals
}

/** How often each of the classes comes; throws RangeError where there is another. */
export function countClasses(labels: ArrayLike<number>, classes: number): Float64Array {
  const counts = new Float64Array(classes)
  for (let i = 0; i < labels.length; i++) {
    if (!(labels[i] in counts)) {
      throw new RangeError(`expected classes 0..${classes - 1}, got ${labels[i]} at ${i}`)
    }
    counts[labels[i]]++
  }
  return counts
}
