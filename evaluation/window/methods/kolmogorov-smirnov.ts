import type { FeatureColumn } from '../../../src/representations/index.ts'
import { kolmogorovSmirnovDistance, kolmogorovSmirnovTail } from '../../../src/statistics/index.ts'
import type { Method } from '../method.ts'
import { rowCount, type View } from '../view.ts'
import { groupColumns, type Measured, softmaxColumns } from './measured-columns.ts'

type Described = Pick<Method, 'name' | 'title'> & {
  readonly measured: (columns: readonly FeatureColumn[]) => Measured
}

/** Kolmogorov–Smirnov test of every column, smallest p-value times the number of columns (Rabanser et al. 2019). */
function kolmogorovSmirnov({ name, title, measured }: Described): Method {
  return {
    name,
    title,
    revision: 1,
    view: 'features',
    budget: { 'same-size': 1, 'fixed-reference': 1 },
    largest: 10_000,
    prepare: ({ columns, reference, protocol }) => {
      const take = measured(columns)
      const fixed = protocol === 'fixed-reference' ? sortedColumns(take(reference)) : undefined
      return (draw) => {
        const first = fixed ?? sortedColumns(take(draw.reference))
        const second = sortedColumns(take(draw.window))
        const pValues = first.map((own, k) => {
          const distance = kolmogorovSmirnovDistance(own, second[k])
          return kolmogorovSmirnovTail(distance, own.length, second[k].length)
        })
        return Math.min(1, pValues.length * Math.min(...pValues))
      }
    },
  }
}

/** Ascending values of each column. */
function sortedColumns(view: View): Float32Array[] {
  const { width, values } = view
  return Array.from({ length: width }, (_, k) =>
    Float32Array.from({ length: rowCount(view) }, (__, row) => values[row * width + k]).toSorted(),
  )
}

export const ksSoftmax = kolmogorovSmirnov({
  name: 'ks-softmax',
  title: 'KS on the softmax of a classifier (BBSDs)',
  measured: softmaxColumns,
})

export const ksComponents = kolmogorovSmirnov({
  name: 'ks-components',
  title: 'KS on 32 principal components',
  measured: (columns) => groupColumns(columns, 'component'),
})

export const ksCode = kolmogorovSmirnov({
  name: 'ks-code',
  title: 'KS on the code of a trained autoencoder (TAE)',
  measured: (columns) => groupColumns(columns, 'code'),
})
