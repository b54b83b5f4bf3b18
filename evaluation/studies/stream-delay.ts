import { findStart, guaranteedThreshold } from '../../src/statistics/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import { DATA, DATA_OPTION, type DataName, openFitted } from '../fitted/fitted-subject.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { median } from '../stream/median.ts'
import { DELAY_CHANGES } from '../stream/delay-changes.ts'
import { BEFORE, delaySeed, MOST, openDelayStream, SHARES } from '../stream/delay-stream.ts'
import { referenceOfGroups } from '../stream/reference-of-groups.ts'
import { watch, type Watched } from '../stream/watched.ts'

const FITTED = 30_000

type Cell = {
  readonly data: DataName
  readonly change: string
  readonly share: number
  readonly runs: number
  readonly falseAlarmEvery: number
}

type Result = {
  /** Images from the change to the alarm, of each run that was quiet before; null where none came. */
  readonly delays: readonly (number | null)[]
  readonly falseAlarms: number
  /** How far the estimated first changed image is from the true one, of the runs that alarmed. */
  readonly misplaced: readonly number[]
}

/** How soon do streams see a change? */
export const study = defineStudy({
  title: 'Images from a change to the alarm',
  description:
    'Streams of 1,000 clean images and then changed ones, all, half or a tenth of them: how many images pass until the alarm, at one false alarm in 100,000 images, proven. The detector has every setting left alone, a reference of 9,000, and no classifier. Most of the changes are of kinds that the witness of a detector was taught.',
  revision: 1,
  dependsOn: ['features', 'streams'],
  options: {
    data: DATA_OPTION,
    runs: {
      kind: 'integer',
      default: 50,
      quick: 2,
      description: 'streams of each change and share',
    },
    falseAlarmEvery: {
      kind: 'integer',
      default: 100_000,
      quick: 1000,
      description: 'images from one false alarm to the next',
    },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, runs, falseAlarmEvery }) =>
    data.flatMap((name) =>
      DELAY_CHANGES[name].flatMap((change) =>
        SHARES.map((share): Cell => ({
          data: name,
          change: change.name,
          share,
          runs,
          falseAlarmEvery,
        })),
      ),
    ),
  run: async (cell: Cell, context): Promise<Result> => runCell(cell, context),
  summarise: (outcomes) => {
    const rows = outcomes.map(({ cell, result }) => {
      const { data, change, share } = cell
      const delays = result.delays.map((delay) => delay ?? MOST).toSorted((a, b) => a - b)
      return {
        data,
        change: DELAY_CHANGES[data].find(({ name }) => name === change)?.title ?? change,
        share,
        mean: rounded(delays.reduce((sum, one) => sum + one, 0) / delays.length),
        percentile95: delays[Math.ceil(0.95 * delays.length) - 1],
        missed: result.delays.filter((delay) => delay === null).length,
        misplaced: median(result.misplaced),
        falseAlarms: result.falseAlarms,
      }
    })
    const medians = DATA.flatMap((data) =>
      SHARES.flatMap((share) => {
        const own = rows.filter((row) => row.data === data && row.share === share)
        if (own.length === 0) return []
        const misplaced = median(own.flatMap((row) => row.misplaced ?? []))
        return [{ data, share, medianOfMeans: median(own.map(({ mean }) => mean)), misplaced }]
      }),
    )
    return { medians, rows }
  },
})

const rounded = (value: number): number => Number(value.toPrecision(3))

async function runCell(
  { data, change: name, share, runs, falseAlarmEvery }: Cell,
  context: CellContext,
): Promise<Result> {
  const subject = await openFitted({ data, fitted: FITTED, seed: 0 }, context)
  const change = DELAY_CHANGES[data].find((one) => one.name === name)
  if (change === undefined) throw new RangeError(`expected a known change, got ${name}`)
  const changed = await subject.changed(change, 'as-is')
  const reference = referenceOfGroups(subject)
  const clean = subject.unseen.features
  const delays: (number | null)[] = []
  const misplaced: number[] = []
  let falseAlarms = 0
  for (let run = 0; run < runs; run++) {
    const seed = delaySeed({ data, change: name, share }, run)
    const watched = watch(reference, guaranteedThreshold(falseAlarmEvery), seed)
    const { test, state } = watched
    const next = openDelayStream({ clean, changed: changed.features }, { share, seed })
    const rows: Uint16Array[] = []
    const take = (): void => {
      const all = next()
      rows.push(watched.take(Float32Array.from(reference.columns, (column) => all[column])))
    }
    for (let i = 0; i < BEFORE; i++) take()
    if (test.alarmed(state)) {
      falseAlarms++
      continue
    }
    let delay = 0
    while (delay < MOST && !test.alarmed(state)) {
      take()
      delay++
    }
    const isSeen = test.alarmed(state)
    delays.push(isSeen ? delay : null)
    if (!isSeen) continue
    const strengths = test.strengths(state)
    const column = strengths.indexOf(Math.max(...strengths))
    misplaced.push(Math.abs(startOf(watched, { rows, column }) - BEFORE))
  }
  return { delays, falseAlarms, misplaced }
}

/** The estimated first changed image, as the product finds it: changed rows are taken out of what is normal first. */
function startOf(
  { test, state }: Watched,
  { rows, column }: { readonly rows: readonly Uint16Array[]; readonly column: number },
): number {
  const about = test.changePoint(state, column)
  for (const row of rows.slice(about)) test.forget(state, row)
  const oldest = Math.max(0, rows.length - 1000)
  const recent = rows
    .slice(oldest)
    .map((row) => test.shareAbove(state, { column, bin: row[column] }))
  return oldest + findStart(recent, Math.max(0, about - oldest)).likeliest
}
