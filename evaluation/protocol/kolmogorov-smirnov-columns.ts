import { kolmogorovSmirnovDistance } from '../../src/statistics/index.ts'
import { kolmogorovSmirnovTail } from '../statistics/kolmogorov-smirnov.ts'
import { rowCount, type View } from '../window/view.ts'

/** Kolmogorov–Smirnov test of every column of a window against a reference sorted once: smallest p times the number of columns. */
export function kolmogorovSmirnovColumns(reference: View): (window: View) => number {
  const first = sortedColumns(reference)
  return (window) => {
    const second = sortedColumns(window)
    const pValues = first.map((own, k) => {
      const distance = kolmogorovSmirnovDistance(own, second[k])
      return kolmogorovSmirnovTail(distance, own.length, second[k].length)
    })
    return Math.min(1, pValues.length * Math.min(...pValues))
  }
}

/** Ascending values of each column. */
function sortedColumns(view: View): Float32Array[] {
  const { width, values } = view
  return Array.from({ length: width }, (_, k) =>
    Float32Array.from({ length: rowCount(view) }, (__, row) => values[row * width + k]).toSorted(),
  )
}
