import { createRandom } from '../../src/tensor/index.ts'
import { type DataName, openFitted } from '../fitted/fitted-subject.ts'
import type { CellContext } from '../harness/study.ts'
import { seedOf } from '../window/seed-of.ts'
import { rowCount, type View, viewRows } from '../window/view.ts'
import { DELAY_CHANGES } from './delay-changes.ts'
import { BEFORE, delaySeed, MOST, openDelayStream, SHARES } from './delay-stream.ts'
import { METHODS, type PeerMethod } from './peer-methods.ts'
import { type AlarmCount, alarmAtRate, countAlarms, firstAlarm, type Watcher } from './watcher.ts'

export type PeerCell = {
  readonly data: DataName
  readonly method: string
  readonly fitted: number
  /** Streams of each change and share. */
  readonly runs: number
  /** Streams without a change, and images of each. */
  readonly nulls: number
  readonly images: number
  readonly falseAlarmEvery: number
}

/** Images from a change to the alarm, of each run; null where none came. */
export type Delays = {
  readonly change: string
  readonly share: number
  readonly delays: readonly (number | null)[]
}

export type PeerResult = {
  /** alibi-detect's, where it is one of its detectors. */
  readonly version?: string
  /** Images from one false alarm to the next that its own threshold is for, where those asked for are beyond it. */
  readonly askedFor?: number
  /** False alarms at its own threshold. */
  readonly own: AlarmCount
  /** Strength that alarms here, 1 at its own threshold, and the false alarms at it. */
  readonly alarmAt: number
  readonly used: AlarmCount
  readonly delays: readonly Delays[]
}

/** Images after the change that are looked at first, more only where they bring no alarm. */
const LOOKS = [100, 500, MOST]

/** One method on streams without a change, then at its measured or own threshold on all streams with one. */
export async function runPeer(cell: PeerCell, context: CellContext): Promise<PeerResult> {
  const { data, fitted, falseAlarmEvery } = cell
  const method = METHODS.find(({ name }) => name === cell.method)
  if (method === undefined) throw new RangeError(`expected a known method, got ${cell.method}`)
  const subject = await openFitted({ data, fitted, seed: 0 }, context)
  const seed = seedOf('peer', data, method.name)
  const watcher = await method.open(subject, { falseAlarmEvery, seed })
  try {
    context.log(`${data}, ${method.name}: ready`)
    const view = method.view(subject)
    const clean = view(subject.unseen.features)
    const nulls = await watchNulls(watcher, clean, cell)
    const alarmAt = method.rate === 'stated' ? 1 : alarmAtRate(nulls, falseAlarmEvery)
    context.log(`${data}, ${method.name}: alarms at ${alarmAt.toPrecision(4)}`)
    const delays: Delays[] = []
    for (const change of DELAY_CHANGES[data]) {
      const changed = view((await subject.changed(change, 'as-is')).features)
      for (const share of SHARES) {
        const own = []
        for (let run = 0; run < cell.runs; run++) {
          const streamSeed = delaySeed({ data, change: change.name, share }, run)
          const stream = streamOf({ clean, changed, share, seed: streamSeed }, method)
          own.push(await delayOf(watcher, stream, { lead: method.lead, alarmAt, seed: streamSeed }))
        }
        delays.push({ change: change.name, share, delays: own })
      }
    }
    const counts = { own: countAlarms(nulls, 1), alarmAt, used: countAlarms(nulls, alarmAt) }
    return { ...describe(watcher), ...counts, delays }
  } finally {
    await watcher.close()
  }
}

const describe = ({ version, askedFor }: Watcher): Pick<PeerResult, 'version' | 'askedFor'> => ({
  ...(version === undefined ? {} : { version }),
  ...(askedFor === undefined ? {} : { askedFor }),
})

/** Strengths of streams of clean images that no changed image is made of. */
async function watchNulls(
  watcher: Watcher,
  clean: View,
  { data, nulls, images }: PeerCell,
): Promise<ArrayLike<number>[]> {
  const streams: ArrayLike<number>[] = []
  const [from, count] = [CHANGED, rowCount(clean) - CHANGED]
  for (let i = 0; i < nulls; i++) {
    const seed = seedOf('peer-null', data, i)
    const rows = createRandom(seed)
      .sample(count, images)
      .map((row) => from + row)
    const options = { alarmAt: Infinity, from: 0, seed }
    streams.push(await watcher.strengths(viewRows(clean, rows), options))
  }
  return streams
}

/** Images that changed ones are made of, the first of the clean ones. */
const CHANGED = 5000

type StreamParts = {
  readonly clean: View
  readonly changed: View
  readonly share: number
  readonly seed: number
}

/** The last clean rows before the change, and what comes after. */
function streamOf({ clean, changed, share, seed }: StreamParts, { lead }: PeerMethod): View {
  const next = openDelayStream({ clean, changed }, { share, seed })
  const values = new Float32Array((lead + MOST) * clean.width)
  for (let i = 0; i < BEFORE + MOST; i++) {
    const row = next()
    if (i >= BEFORE - lead) values.set(row, (i - BEFORE + lead) * clean.width)
  }
  return { width: clean.width, values }
}

type DelayOptions = { readonly lead: number; readonly alarmAt: number; readonly seed: number }

/** Images from the change to the first alarm after it; one before only makes the method start anew. */
async function delayOf(
  watcher: Watcher,
  { width, values }: View,
  { lead, alarmAt, seed }: DelayOptions,
): Promise<number | null> {
  for (const look of LOOKS) {
    const rows = { width, values: values.subarray(0, (lead + look) * width) }
    const strengths = await watcher.strengths(rows, { alarmAt, from: lead, seed })
    const first = firstAlarm(strengths, alarmAt, lead)
    if (first !== undefined) return first - lead + 1
  }
  return null
}
