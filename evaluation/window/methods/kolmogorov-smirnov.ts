import { type FeatureColumn, selectColumns, tableOf } from '../../../src/representations/index.ts'
import { kolmogorovSmirnovColumns } from '../../protocol/kolmogorov-smirnov-columns.ts'
import type { Method } from '../method.ts'
import { UNLABELLED } from '../models.ts'
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
      const fixed =
        protocol === 'fixed-reference' ? kolmogorovSmirnovColumns(take(reference)) : undefined
      return (draw) => {
        const test = fixed ?? kolmogorovSmirnovColumns(take(draw.reference))
        return test(take(draw.window))
      }
    },
  }
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

/** What the product's window test is given, under a plain one: what the product reaches beyond this, its test adds. */
export const ksColumns = kolmogorovSmirnov({
  name: 'ks-columns',
  title: "KS on pixeldrift's own columns, without a classifier",
  measured: unlabelledColumns,
})

function unlabelledColumns(columns: readonly FeatureColumn[]): Measured {
  const kept = ({ name, group }: FeatureColumn): boolean =>
    group === 'outlier'
      ? name.startsWith(UNLABELLED)
      : group !== 'classifier' && group !== 'prediction'
  return ({ values }) => {
    const part = selectColumns(tableOf(columns, values), kept)
    return { width: part.columns.length, values: part.values }
  }
}
