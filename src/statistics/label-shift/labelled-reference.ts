import type { Matrix, Random } from '../../tensor/index.ts'
import type { OmnibusGroup } from '../omnibus/groups.ts'
import { layOut, type OmnibusLayout } from '../omnibus/layout.ts'
import type { OmnibusReference } from '../omnibus/reference.ts'
import { labelDiscriminants, projectRows, type RowTable } from './discriminants.ts'
import { besideEachOther, scoreRows } from './row-scores.ts'

/** Reference rows whose labels are known, scored once for many windows. */
export type LabelledReference = {
  readonly reference: OmnibusReference
  readonly groups: readonly OmnibusGroup[]
  readonly layout: OmnibusLayout
  readonly labels: Uint32Array
  readonly labelCount: number
  readonly discriminants: Matrix
  /** Scores of each labelled row, and behind them its discriminants. */
  readonly table: RowTable
  /** Score columns; the table is wider by the discriminants. */
  readonly scoreCount: number
  /** Block of each labelled row; null where rows are on their own. */
  readonly blocks: Uint32Array | null
  readonly parts: LabelledParts
}

/** Sums over random parts of the rows: drawn again and again, they stand for references that might have been. */
export type LabelledParts = {
  readonly count: number
  /** parts × labels × table width. */
  readonly sums: Float64Array
  /** Rows behind each; parts × labels. */
  readonly rows: Float64Array
}

/** What is known of a reference beside its features. */
export type LabelledRows = {
  /** Rows of the reference whose labels are known. */
  readonly rows: Uint32Array
  /** Label of each of them, 0..labelCount−1. */
  readonly labels: Uint32Array
  readonly labelCount: number
  /** What the classifier said of each of them. */
  readonly outputs: RowTable
  /** Block of each of them. */
  readonly blocks?: Uint32Array | undefined
}

/** More parts resolve the reference's own scatter no better. */
const MOST_PARTS = 50

/** Scores the labelled rows; O(rows · columns · log reference). */
export function prepareLabelledReference(
  reference: OmnibusReference,
  groups: readonly OmnibusGroup[],
  known: LabelledRows & { readonly random: Random },
): LabelledReference {
  const { labels, labelCount, outputs, random, blocks = null } = known
  const layout = layOut(groups)
  const discriminants = labelDiscriminants(outputs, labels, labelCount)
  const scores = scoreRows(reference, layout, takeRows(reference, known.rows))
  const table = besideEachOther(scores, projectRows(outputs, discriminants))
  const partOfRow = blocks === null ? dealRows(labels, random) : dealBlocks(blocks, random)
  return {
    reference,
    groups,
    layout,
    labels,
    labelCount,
    discriminants,
    table,
    scoreCount: scores.width,
    blocks,
    parts: sumParts(table, { labels, labelCount, partOfRow }),
  }
}

function takeRows({ values, columnCount }: OmnibusReference, rows: Uint32Array): Float32Array {
  const taken = new Float32Array(rows.length * columnCount)
  rows.forEach((row, i) =>
    taken.set(values.subarray(row * columnCount, (row + 1) * columnCount), i * columnCount),
  )
  return taken
}

/** Deals the rows of every label out evenly. */
function dealRows(labels: Uint32Array, random: Random): Uint32Array {
  const order = random.permutation(labels.length).toSorted((a, b) => labels[a] - labels[b])
  const parts = new Uint32Array(labels.length)
  order.forEach((row, i) => (parts[row] = i % MOST_PARTS))
  return parts
}

function dealBlocks(blocks: Uint32Array, random: Random): Uint32Array {
  const distinct = [...new Set(blocks)]
  const order = random.permutation(distinct.length)
  const partOf = new Map(distinct.map((block, i) => [block, order[i] % MOST_PARTS]))
  return blocks.map((block) => partOf.get(block) as number)
}

function sumParts(
  { width, values }: RowTable,
  of: {
    readonly labels: Uint32Array
    readonly labelCount: number
    readonly partOfRow: Uint32Array
  },
): LabelledParts {
  const { labels, labelCount, partOfRow } = of
  const count = 1 + partOfRow.reduce((a, b) => Math.max(a, b))
  const sums = new Float64Array(count * labelCount * width)
  const rows = new Float64Array(count * labelCount)
  labels.forEach((label, row) => {
    const cell = partOfRow[row] * labelCount + label
    rows[cell]++
    for (let w = 0, to = cell * width; w < width; w++) sums[to + w] += values[row * width + w]
  })
  return { count, sums, rows }
}
