import { calibrateThreshold, guaranteedThreshold } from '../../src/statistics/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import { type OnlineStatistic, openOnlineWatcher } from '../alibi/online-worker.ts'
import type { FittedSubject } from '../fitted/fitted-subject.ts'
import { LEVEL } from '../fitted/rules.ts'
import { productTest } from '../protocol/product-test.ts'
import { columnMoments } from '../fitted/plain-statistics.ts'
import { groupColumns } from '../window/methods/measured-columns.ts'
import { rowCount, type View, viewRows } from '../window/view.ts'
import { BEFORE } from './delay-stream.ts'
import { streamWatcher, windowsWatcher } from './own-watchers.ts'
import { referenceOfGroups } from './reference-of-groups.ts'
import type { Watcher } from './watcher.ts'

export type MethodOptions = { readonly falseAlarmEvery: number; readonly seed: number }

/** A way to watch a stream, and what it is shown of it. */
export type PeerMethod = {
  readonly name: string
  readonly title: string
  /** The product's stream, the product's test of windows, or a peer on what it would see without the product, or on the product's features. */
  readonly kind: 'stream' | 'windows' | 'on-components' | 'on-features'
  /** The threshold is the method's own, or the one at which streams without a change alarmed as often as is stated. */
  readonly rate: 'stated' | 'measured'
  /** Clean images before the change that it is shown: more would leave no trace in what it remembers. */
  readonly lead: number
  /** What it sees of an image, out of all features. */
  view(subject: FittedSubject): (view: View) => View
  open(subject: FittedSubject, options: MethodOptions): Promise<Watcher>
}

/** Rows of the reference that alibi-detect gets: it keeps a kernel matrix of them. */
const PEER_REFERENCE = 1000
const BOOTSTRAPS = 1500
/** Sizes of the sliding windows, chosen before anything was run. */
const SIZES = [10, 30]
const LEAD = 200

/** All methods, ours first. */
export const METHODS: readonly PeerMethod[] = [
  ours('stream-guaranteed', 'stream, threshold by proof', 'stated'),
  ours('stream-calibrated', 'stream, threshold by simulation', 'stated'),
  ours('stream-measured', 'stream', 'measured'),
  ...[50, 200].map(windows),
  ...SIZES.flatMap((size) => online('mmd', [size])),
  ...SIZES.flatMap((size) => online('lsdd', [size])),
  ...online('cvm', SIZES),
]

function ours(name: string, title: string, rate: PeerMethod['rate']): PeerMethod {
  return {
    name,
    title,
    rate,
    kind: 'stream',
    lead: BEFORE,
    view: (subject) => selected(referenceOfGroups(subject).columns),
    open: async (subject, { falseAlarmEvery, seed }) => {
      const { weights, rows } = referenceOfGroups(subject)
      const threshold =
        name === 'stream-guaranteed'
          ? guaranteedThreshold(falseAlarmEvery)
          : calibrateThreshold({ weights, reference: rows, falseAlarmEvery, seed })
      return streamWatcher(referenceOfGroups(subject), threshold)
    },
  }
}

function windows(size: number): PeerMethod {
  return {
    name: `windows-${size}`,
    title: `window test of each ${size} images`,
    kind: 'windows',
    rate: 'measured',
    lead: LEAD,
    view: () => (view) => view,
    open: async ({ columns, groups, reference }, { falseAlarmEvery, seed }) => {
      const options = { columns, groups, level: LEVEL, sizes: [size], seed }
      return windowsWatcher(productTest(reference, options), { size, falseAlarmEvery })
    },
  }
}

/** alibi-detect on 32 principal components of the pixels, as its documentation advises, and on the product's own features. */
function online(statistic: OnlineStatistic, sizes: readonly number[]): PeerMethod[] {
  const components = ({ columns }: FittedSubject) => groupColumns(columns, 'component')
  return [
    { input: 'components', kind: 'on-components' as const, view: components },
    { input: 'features', kind: 'on-features' as const, view: standardised },
  ].map(({ input, kind, view }) => ({
    name: `${statistic}-${sizes.join('-')}-${input}`,
    title: `alibi-detect, online ${statistic.toUpperCase()} of ${sizes.join(' and ')} images, ${input}`,
    kind,
    rate: 'measured' as const,
    lead: LEAD,
    view,
    open: (subject: FittedSubject, { falseAlarmEvery, seed }: MethodOptions) => {
      const all = view(subject)(subject.reference)
      const count = Math.min(PEER_REFERENCE, rowCount(all))
      const reference = viewRows(all, createRandom(seed).sample(rowCount(all), count))
      const options = { statistic, windows: sizes, falseAlarmEvery, bootstraps: BOOTSTRAPS, seed }
      return openOnlineWatcher(reference, options)
    },
  }))
}

/** The columns that the product's stream watches, each with mean 0 and deviation 1 in the reference. */
function standardised(subject: FittedSubject): (view: View) => View {
  const select = selected(referenceOfGroups(subject).columns)
  const moments = columnMoments(select(subject.reference))
  return (view) => {
    const { width, values } = select(view)
    for (let i = 0; i < values.length; i++) {
      const { mean, deviation } = moments[i % width]
      values[i] = deviation > 0 ? (values[i] - mean) / deviation : 0
    }
    return { width, values }
  }
}

const selected =
  (columns: readonly number[]) =>
  (view: View): View => ({
    width: columns.length,
    values: Float32Array.from({ length: rowCount(view) * columns.length }, (_, i) => {
      const row = Math.floor(i / columns.length)
      return view.values[row * view.width + columns[i % columns.length]]
    }),
  })
