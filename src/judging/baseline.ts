import {
  columnIndex,
  type FeatureTable,
  type ImageRecord,
  type ModelOutputName,
  type Moments,
  type PlaceMap,
  scoreColumn,
} from '../measuring/values/index.ts'
import { type OmnibusReference, prepareOmnibusReference } from '../statistics/index.ts'
import type { FitCounts } from '../verdict/index.ts'
import type { Comparison, NearestComparisons } from './comparison.ts'
import type { KnownImages } from './known-images.ts'
import { momentsOf } from './loss-comparison.ts'
import { once } from './once.ts'
import type { OutputsTrust } from './outputs-notes.ts'
import { createNearCopies, type NearCopies } from './repeats/near-copies.ts'
import type { TestSettings } from './test-settings.ts'

/** What batches are judged by: the numbers of the held-out reference images, and what is known of these images. */
export type Baseline = BaselineNumbers & {
  /** Digest of all of it. */
  readonly id: string
  /** What the reference was measured by. */
  readonly extractorId: string
  readonly settings: BaselineSettings
  /** Block of each reference row, where images depend on each other. */
  readonly blocks?: Uint32Array | undefined
  /** Label of each reference row by its place among the known labels; `NO_LABEL` of those without. */
  readonly labels?: Uint16Array | undefined
  /** Absent in artifacts of before they were kept. */
  readonly known?: KnownImages | undefined
  /** What was known of each reference image beside its pixels; absent in artifacts of before it was kept. */
  readonly records?: readonly ImageRecord[] | undefined
}

/** How the reference came about, as far as it matters to a judgement. */
export type BaselineSettings = TestSettings & {
  /** Of what is drawn once for all batches. */
  readonly seed: number
  /** What correlated images share; batches need it too. */
  readonly blockBy?: string | undefined
  readonly outputsTrust?: OutputsTrust | undefined
  readonly classNames?: readonly string[] | undefined
  readonly counts: FitCounts
  /** Of a reference of its own. */
  readonly referenceSource?: unknown
  /** What the images came as; not known of older detectors. */
  readonly readFrom?: 'files' | 'arrays' | undefined
  /** Numbers per image of each model output that is needed beside the pixels. */
  readonly neededOutputs: { readonly [name in ModelOutputName]?: number }
}

/** The numbers fitted on the held-out reference images. */
export type BaselineNumbers = {
  readonly table: FeatureTable
  /** What the maps of the comparison show; absent in artifacts of before there were any. */
  readonly maps?: readonly PlaceMap[] | undefined
  /** The reference as it is. */
  readonly comparison: Comparison
  /** Where changes are tolerated: the mixture of reference images under them that a batch resembles most. */
  readonly nearest?: NearestComparisons | undefined
  /** Reconstruction loss of the reference images. */
  readonly losses: Float32Array
  readonly loss: Moments
  /** Unusualness of the reference images, ascending. */
  readonly sortedScores: Float32Array
  /** Finds images that are nearly the same, prepared at the first call; gives undefined where too little is learned. */
  readonly nearCopies: () => NearCopies | undefined
}

/** What is at each place of the reference images. */
export type ReferencePlaces = {
  readonly maps: readonly PlaceMap[]
  /** Images × all cells of the maps, one map after the other. */
  readonly values: Int8Array
}

export type BaselineOptions = {
  readonly places?: ReferencePlaces | undefined
  /** Says what else is taken for normal. */
  readonly tolerate?: ((reference: OmnibusReference) => NearestComparisons) | undefined
}

/** Prepares the held-out feature table for checks. */
export function createBaseline(
  table: FeatureTable,
  { places, tolerate }: BaselineOptions = {},
): BaselineNumbers {
  const losses = columnOf(table, columnIndex(table.columns, 'loss'))
  const scores = columnOf(table, scoreColumn(table.columns))
  const prepared = prepareOmnibusReference(table.values, table.columns.length, places?.values)
  return {
    table,
    maps: places?.maps,
    comparison: { prepared },
    nearest: tolerate?.(prepared),
    losses,
    loss: momentsOf(losses),
    sortedScores: scores.toSorted(),
    nearCopies: once(() => createNearCopies(table.columns, prepared)),
  }
}

function columnOf({ columns, rows, values }: FeatureTable, index: number): Float32Array {
  const width = columns.length
  return Float32Array.from({ length: rows }, (_, row) => values[row * width + index])
}
