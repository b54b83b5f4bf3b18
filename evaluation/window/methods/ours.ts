import { testGroups } from '../../../src/detector/index.ts'
import type { FeatureColumn, FeatureGroup } from '../../../src/representations/index.ts'
import {
  omnibusExact,
  omnibusFast,
  type OmnibusGroup,
  prepareFastOmnibus,
  prepareOmnibusReference,
} from '../../../src/statistics/index.ts'
import type { Method, Preparation, WindowTest } from '../method.ts'
import { UNLABELLED } from '../models.ts'
import { rowCount } from '../view.ts'

const APPEARANCE: readonly FeatureGroup[] = [
  'property',
  'reconstruction',
  'code',
  'component',
  'outlier',
]
const LABELLED: readonly FeatureGroup[] = ['classifier', 'prediction']
/** Fast mode is for windows of at most this share of the reference. */
const FAST_SHARE = 0.1

const common = {
  revision: 1,
  view: 'features',
  largest: 10_000,
} as const

/** The product's window test with every group of features. */
export const ours: Method = {
  ...common,
  name: 'ours',
  title: 'pixeldrift: all features, with a classifier',
  budget: { 'same-size': 0.35, 'fixed-reference': 1 },
  prepare: (preparation) =>
    prepareOmnibus(preparation, groupsOf(preparation.columns, [...APPEARANCE, ...LABELLED])),
}

/** The same without anything that was learned from labels. */
export const oursWithoutLabels: Method = {
  ...common,
  name: 'ours-without-labels',
  title: 'pixeldrift: without a classifier',
  budget: { 'same-size': 0.25, 'fixed-reference': 1 },
  prepare: (preparation) => prepareOmnibus(preparation, groupsOf(preparation.columns, APPEARANCE)),
}

/** The product's groups; the outlier score of the product with or without a classifier. */
function groupsOf(
  columns: readonly FeatureColumn[],
  groups: readonly FeatureGroup[],
): OmnibusGroup[] {
  const labelled = LABELLED.some((group) => groups.includes(group))
  const known = columns.map(({ name }) => name.startsWith(UNLABELLED) !== labelled)
  return testGroups(columns, groups).map(({ name, kind, columns: members }) => ({
    name,
    kind,
    columns: name === 'outlier' ? members.filter((k) => known[k]) : members,
  }))
}

function prepareOmnibus(
  { reference, protocol, sizes, random }: Preparation,
  groups: readonly OmnibusGroup[],
): WindowTest {
  if (protocol === 'same-size') {
    return (draw) =>
      omnibusExact(
        prepareOmnibusReference(draw.reference.values, draw.reference.width),
        draw.window.values,
        groups,
        { random: draw.random },
      ).pValue
  }
  const prepared = prepareOmnibusReference(reference.values, reference.width)
  const fastSizes = sizes.filter((size) => size <= FAST_SHARE * prepared.rows)
  const fast = prepareFastOmnibus(prepared, groups, { sizes: fastSizes, random })
  return ({ window, random: own }) =>
    fastSizes.includes(rowCount(window))
      ? omnibusFast(fast, window.values).pValue
      : omnibusExact(prepared, window.values, groups, { random: own }).pValue
}
