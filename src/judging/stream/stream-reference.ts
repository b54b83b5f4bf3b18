import {
  binRows,
  fitRankBins,
  type MapRange,
  type OmnibusGroup,
  type RankBins,
} from '../../statistics/index.ts'
import { createRandom } from '../../tensor/index.ts'
import { isFileGroup, pickRows, type PlaceMap } from '../../measuring/values/index.ts'
import type { Baseline } from '../baseline.ts'
import { testedGroups } from '../window-test.ts'

/** What a stream is compared with. */
export type StreamReference = {
  /** The columns that are watched, as numbers of the extractor's. */
  readonly columns: readonly number[]
  /** All of its columns. */
  readonly width: number
  readonly bins: RankBins
  /** The bins of rows × watched columns, the rows that the bins were made of not among them; of blocks those of their means. */
  readonly rows: Uint16Array
  /** How much each column counts, sum 1: groups alike, and the columns of a group alike. */
  readonly weights: Float64Array
  /** What is at each place of the frame, where that is watched too. */
  readonly places?: PlaceReference | undefined
}

/** What is usual at each place of the frame. */
export type PlaceReference = {
  readonly maps: readonly PlaceMap[]
  /** Which bytes of a row are each map's. */
  readonly ranges: readonly MapRange[]
  /** Rows of places to learn from what is usual, and the others. */
  readonly aside: Int8Array
  readonly rows: Int8Array
  /** Their share of the false alarms: that of one group among the others. */
  readonly share: number
}

/** Rows that bins are made of: this share of the reference, and so many at most. */
const SET_ASIDE = 0.2
const MOST_SET_ASIDE = 2000

/** The reference of a stream: part of it for the bins of ranks, the rest for the ranks. */
export function createStreamReference(baseline: Baseline): StreamReference {
  const { settings } = baseline
  // Of files alone a stream of arrays would be another.
  const features = settings.features.filter((group) => !isFileGroup(group))
  const groups = testedGroups({ ...settings, features })
  const columns = groups.flatMap((group) => group.columns)
  const all = baseline.blocks ? blockMeans(baseline, baseline.blocks) : rowsOf(baseline)
  const width = baseline.table.columns.length
  const rows = all.length / width
  const order = createRandom(baseline.settings.seed).permutation(rows)
  const aside = Math.max(1, Math.min(MOST_SET_ASIDE, Math.floor(SET_ASIDE * rows)))
  const take = (of: Uint32Array): Float32Array => {
    const taken = new Float32Array(of.length * width)
    of.forEach((row, i) => taken.set(all.subarray(row * width, (row + 1) * width), i * width))
    return watchedColumns({ columns, width }, taken)
  }
  const bins = fitRankBins(take(order.subarray(0, aside)), columns.length)
  return {
    columns,
    width,
    bins,
    rows: binRows(bins, take(order.subarray(aside))),
    weights: weightsOf(groups),
    places: placeReference(baseline, groups.length, { order, aside }),
  }
}

/** Nothing where images depend on each other: there one image is no measure of another. */
function placeReference(
  { settings, maps, blocks, comparison }: Baseline,
  groups: number,
  { order, aside }: { readonly order: Uint32Array; readonly aside: number },
): PlaceReference | undefined {
  if (maps === undefined || blocks !== undefined) return undefined
  const own = testedGroups({ ...settings, maps }).find(({ kind }) => kind === 'map')
  const { maps: values, rows } = comparison.prepared
  if (own?.maps === undefined || values === undefined) return undefined
  const cells = values.length / rows
  return {
    maps,
    ranges: own.maps,
    aside: pickRows(values, [...order.subarray(0, aside)], cells),
    rows: pickRows(values, [...order.subarray(aside)], cells),
    share: 1 / (groups + 1),
  }
}

/** Rows × watched columns of rows × all columns. */
export function watchedColumns(
  { columns, width }: Pick<StreamReference, 'columns' | 'width'>,
  values: Float32Array,
): Float32Array {
  const count = columns.length
  const watched = new Float32Array((values.length / width) * count)
  for (let to = 0, from = 0; to < watched.length; to += count, from += width) {
    for (let k = 0; k < count; k++) watched[to + k] = values[from + columns[k]]
  }
  return watched
}

const rowsOf = ({ table }: Baseline): Float32Array => table.values

/** One row for each block, the mean of its images. */
function blockMeans({ table }: Baseline, blocks: Uint32Array): Float32Array {
  const width = table.columns.length
  const places = new Map([...new Set(blocks)].map((block, i) => [block, i]))
  const sums = new Float64Array(places.size * width)
  const sizes = new Float64Array(places.size)
  blocks.forEach((block, row) => {
    const place = places.get(block) as number
    sizes[place]++
    for (let k = 0; k < width; k++) sums[place * width + k] += table.values[row * width + k]
  })
  return Float32Array.from(sums, (sum, i) => sum / sizes[Math.floor(i / width)])
}

/** How much each column of the groups counts: groups alike, and the columns of a group alike. */
export function weightsOf(groups: readonly OmnibusGroup[]): Float64Array {
  return Float64Array.from(
    groups.flatMap(({ columns }) => columns.map(() => 1 / groups.length / columns.length)),
  )
}
