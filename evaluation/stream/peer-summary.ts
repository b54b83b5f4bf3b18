import { DATA, type DataName } from '../fitted/fitted-subject.ts'
import type { Outcome } from '../harness/study.ts'
import { DELAY_CHANGES } from './delay-changes.ts'
import { MOST, SHARES } from './delay-stream.ts'
import { METHODS, type PeerMethod } from './peer-methods.ts'
import type { PeerCell, PeerResult } from './run-peer.ts'
import type { AlarmCount } from './watcher.ts'

type Found = Outcome<PeerCell, PeerResult>

/** The figures of one method at one change and share. */
export type PeerRow = {
  readonly data: DataName
  readonly method: string
  readonly change: string
  readonly share: number
  readonly mean: number
  readonly percentile95: number
  readonly missed: number
}

/** How much later than ours the best of the others is. */
export type PeerRatio = {
  readonly data: DataName
  readonly beside: string
  /** Of the images that are changed; all three together without it. */
  readonly share: number | 'any'
  readonly ours: number
  /** The one whose median over the changes is lowest, and that. */
  readonly bestPeer: string
  readonly best: number
  readonly medianRatio: number
  /** The median over the cells of the ratio to whichever is best there. */
  readonly medianRatioToBestOfCell: number
  readonly cells: number
  /** Cells in which any of them is sooner. */
  readonly soonerElsewhere: number
}

/** What is compared with: the window test and peers as they would be used, peers alone, and peers given what the product sees. */
const BESIDE: Readonly<Record<string, readonly PeerMethod['kind'][]>> = {
  'windows, and peers on components': ['windows', 'on-components'],
  'peers on components': ['on-components'],
  'peers on our features': ['on-features'],
}

/** Which of ours the others are held against: all of them at a measured rate. */
const OURS = 'stream-measured'

/** Rates, delays and how they compare. */
export function summarisePeers(outcomes: readonly Found[]) {
  const rows = outcomes.flatMap(peerRows)
  return {
    alibiDetect: outcomes.find(({ result }) => result.version !== undefined)?.result.version,
    rates: outcomes.map(({ cell, result }) => ({
      data: cell.data,
      method: methodOf(cell.method).title,
      'asked for': result.askedFor ?? cell.falseAlarmEvery,
      'images per alarm at its own threshold': every(result.own),
      'within (95%)': interval(result.own),
      'alarms at so much of it': rounded(result.alarmAt),
      'images per alarm there': every(result.used),
    })),
    delays: outcomes.map(({ cell: { data, method } }) => ({
      data,
      method: methodOf(method).title,
      ...Object.fromEntries(
        SHARES.flatMap((share) => {
          const own = rows.filter(
            (row) => row.data === data && row.method === method && row.share === share,
          )
          return [
            [`${NAMES[share]}: mean`, median(own.map(({ mean }) => mean))],
            [`${NAMES[share]}: 95%`, median(own.map(({ percentile95 }) => percentile95))],
          ]
        }),
      ),
    })),
    ratios: DATA.flatMap((data) =>
      Object.keys(BESIDE).flatMap((beside) =>
        [...SHARES, 'any' as const].flatMap((share) => compare(rows, { data, beside, share })),
      ),
    ),
    rows,
  }
}

const NAMES: Readonly<Record<number, string>> = { 1: 'all', 0.5: 'half', 0.1: 'a tenth' }

function peerRows({ cell: { data, method }, result }: Found): PeerRow[] {
  return result.delays.map(({ change, share, delays }) => {
    const sorted = delays.map((delay) => delay ?? MOST).toSorted((a, b) => a - b)
    return {
      data,
      method,
      change: DELAY_CHANGES[data].find(({ name }) => name === change)?.title ?? change,
      share,
      mean: rounded(sorted.reduce((sum, one) => sum + one, 0) / sorted.length),
      percentile95: sorted[Math.ceil(0.95 * sorted.length) - 1],
      missed: delays.filter((delay) => delay === null).length,
    }
  })
}

function compare(
  all: readonly PeerRow[],
  { data, beside, share }: Pick<PeerRatio, 'data' | 'beside' | 'share'>,
): PeerRatio[] {
  const rows = all.filter((row) => row.data === data && (share === 'any' || row.share === share))
  const own = rows.filter(({ method }) => method === OURS)
  const others = Map.groupBy(
    rows.filter(({ method }) => BESIDE[beside].includes(methodOf(method).kind)),
    ({ method }) => method,
  )
  if (own.length === 0 || others.size === 0) return []
  const [bestPeer, best] = [...others]
    .map(([method, theirs]) => [method, median(theirs.map(({ mean }) => mean))] as const)
    .reduce((a, b) => (b[1] < a[1] ? b : a))
  const ofOne = (theirs: readonly PeerRow[], { change, share: part }: PeerRow): number =>
    theirs.find((row) => row.change === change && row.share === part)?.mean ?? Infinity
  const ratios = own.map((row) => ofOne(others.get(bestPeer) ?? [], row) / row.mean)
  const toBest = own.map(
    (row) => Math.min(...[...others.values()].map((theirs) => ofOne(theirs, row))) / row.mean,
  )
  return [
    {
      data,
      beside,
      share,
      ours: median(own.map(({ mean }) => mean)),
      bestPeer: methodOf(bestPeer).title,
      best,
      medianRatio: rounded(median(ratios)),
      medianRatioToBestOfCell: rounded(median(toBest)),
      cells: own.length,
      soonerElsewhere: toBest.filter((ratio) => ratio < 1).length,
    },
  ]
}

function methodOf(name: string): PeerMethod {
  const method = METHODS.find((one) => one.name === name)
  if (method === undefined) throw new RangeError(`expected a known method, got ${name}`)
  return method
}

function every({ images, alarms }: AlarmCount): number | null {
  return alarms === 0 ? null : Math.round(images / alarms)
}

/** Of a mean time between alarms that come at random. */
function interval({ images, alarms }: AlarmCount): number[] | null {
  if (alarms === 0) return null
  const spread = Math.exp(1.96 / Math.sqrt(alarms))
  const mean = images / alarms
  return [Math.round(mean / spread), Math.round(mean * spread)]
}

const rounded = (value: number): number => Number(value.toPrecision(3))

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}
