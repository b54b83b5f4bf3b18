import {
  type FeatureColumn,
  type FeatureGroup,
  selectColumns,
  tableOf,
} from '../../../src/representations/index.ts'
import { productTest } from '../../protocol/product-test.ts'
import { LEVEL } from '../level.ts'
import type { Method, Preparation, WindowTest } from '../method.ts'
import { UNLABELLED } from '../models.ts'
import { rowCount, type View } from '../view.ts'

const APPEARANCE: readonly FeatureGroup[] = [
  'property',
  'reconstruction',
  'code',
  'component',
  'outlier',
]
const LABELLED: readonly FeatureGroup[] = ['classifier', 'prediction']
/** Sizes of at most this share of the reference are prepared for, as a service that knows its batches would. */
const PREPARED_SHARE = 0.1

const common = {
  revision: 2,
  view: 'features',
  largest: 10_000,
} as const

/** The product's window test with every group of features. */
export const ours: Method = {
  ...common,
  name: 'ours',
  title: 'pixeldrift: all features, with a classifier',
  budget: { 'same-size': 0.35, 'fixed-reference': 1 },
  prepare: (preparation) => windowTest(preparation, [...APPEARANCE, ...LABELLED]),
}

/** The same without anything that was learned from labels. */
export const oursWithoutLabels: Method = {
  ...common,
  name: 'ours-without-labels',
  title: 'pixeldrift: without a classifier',
  // Below 0.3: the rows as published, not those with rounded pixels.
  budget: { 'same-size': 0.25, 'fixed-reference': 0.29 },
  prepare: (preparation) => windowTest(preparation, APPEARANCE),
}

function windowTest(
  { columns, reference, protocol, sizes, random }: Preparation,
  groups: readonly FeatureGroup[],
): WindowTest {
  const kept = productColumns(columns, groups)
  const take = (view: View): View => {
    const { columns: own, values } = selectColumns(tableOf(columns, view.values), (column) =>
      kept.includes(column),
    )
    return { width: own.length, values }
  }
  const options = { columns: kept, groups, level: LEVEL }
  if (protocol === 'same-size') {
    return (draw) =>
      productTest(take(draw.reference), options)(take(draw.window), seedFrom(draw.random))
  }
  const small = sizes.filter((size) => size <= PREPARED_SHARE * rowCount(reference))
  const test = productTest(take(reference), {
    ...options,
    sizes: small,
    seed: seedFrom(random),
  })
  return (draw) => test(take(draw.window), seedFrom(draw.random))
}

/** The columns the product would have; the outlier score is that of the product with or without a classifier. */
function productColumns(
  columns: readonly FeatureColumn[],
  groups: readonly FeatureGroup[],
): FeatureColumn[] {
  const isLabelled = LABELLED.some((group) => groups.includes(group))
  return columns.filter(
    ({ name, group }) =>
      groups.includes(group) && (group !== 'outlier' || name.startsWith(UNLABELLED) !== isLabelled),
  )
}

function seedFrom(random: Preparation['random']): number {
  return random.integer(2 ** 31 - 1)
}
