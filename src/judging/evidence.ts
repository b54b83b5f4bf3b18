import {
  type ChangedShare,
  columnEffects,
  estimateChangedShare,
  type RowLabels,
} from '../statistics/index.ts'
import {
  type FeatureColumn,
  type FeatureGroup,
  isCategoryGroup,
  isFileGroup,
  isMapGroup,
  type PlaceMap,
} from '../measuring/values/index.ts'
import { createRandom } from '../tensor/index.ts'
import { distanceOf, nameShares } from './class-shares.ts'
import { typicalValues } from './typical-values.ts'
import type { FeatureTest } from './window-test.ts'
import type { FeatureEvidence, GroupEvidence } from '../verdict/index.ts'
import { nameOfCode } from '../file-properties.ts'

/** Groups and features, named and sized. */
export type TestedFeatures = {
  readonly groups: readonly GroupEvidence[]
  readonly features: readonly FeatureEvidence[]
}

/** A batch's features and what the window test said of them. */
export type TestedWindow = { readonly window: Float32Array; readonly test: FeatureTest }

/** How many images changed, in all and by each of the tested columns. */
export type MeasuredShare = ChangedShare & { readonly tested: readonly number[] }

/** Estimates how many of the batch's images changed, from every column that was tested. */
export function measureShare(
  columns: readonly FeatureColumn[],
  { window, test }: TestedWindow,
  { seed, blocks }: { readonly seed: number; readonly blocks?: RowLabels | undefined },
): MeasuredShare {
  const tested = test.columns.map(({ column }) => column)
  const share = estimateChangedShare(test.comparison.prepared, window, {
    columns: tested,
    categories: categoriesOf(columns),
    random: createRandom(seed),
    blocks,
  })
  return { ...share, tested }
}

/** The columns, their titles with the names of the classes, and the names of classes and cameras where they are known. */
export type DescribedColumns = {
  readonly columns: readonly FeatureColumn[]
  readonly classNames?: readonly string[] | undefined
  /** By their codes. */
  readonly cameras?: ReadonlyMap<number, string>
  readonly maps?: readonly PlaceMap[] | undefined
}

/** Names and sizes what the window test saw, strongest first; `share` where something was found. */
export function gatherEvidence(
  { columns, maps = [], classNames, cameras = new Map() }: DescribedColumns,
  { window, test }: TestedWindow,
  share: MeasuredShare | null,
): TestedFeatures {
  const effects = columnEffects(test.comparison.prepared, window, categoriesOf(columns))
  const shares = new Map(share?.tested.map((column, i) => [column, share.columns[i]]))
  const features = test.columns.map(({ column, pValue, adjustedPValue }): FeatureEvidence => {
    const { name, group, title } = columns[column]
    const described = {
      name,
      group,
      title,
      pValue,
      adjustedPValue,
      changedShare: shares.get(column) ?? 0,
    }
    const effect = effects[column]
    if ('shares' in effect) {
      const classes = nameShares(effect.shares, classNames)
      const named = isFileGroup(group)
        ? classes.map((one) => ({ ...one, name: nameOfCode(name, one.index, cameras) }))
        : classes
      return { ...described, ...effect, kind: 'category', shares: named }
    }
    const { windowMean, ...quantity } = effect
    const typical = isFileGroup(group) && {
      typical: typicalValues(test.comparison.prepared, window, column),
    }
    return { ...described, ...quantity, kind: 'quantity', batchMean: windowMean, ...typical }
  })
  return {
    groups: test.groups.map(({ name, adjustedPValue, strongestColumn }) => ({
      group: name as FeatureGroup,
      pValue: adjustedPValue,
      strongest: (isMapGroup(name as FeatureGroup) ? maps : columns)[strongestColumn].name,
    })),
    features: features.toSorted(byEvidence),
  }
}

function categoriesOf(columns: readonly FeatureColumn[]): ReadonlySet<number> {
  return new Set(columns.flatMap(({ group }, column) => (isCategoryGroup(group) ? [column] : [])))
}

function byEvidence(a: FeatureEvidence, b: FeatureEvidence): number {
  return a.adjustedPValue - b.adjustedPValue || distanceOf(b) - distanceOf(a)
}
