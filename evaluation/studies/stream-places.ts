import type { Detector } from '../../src/detector/index.ts'
import { createRandom } from '../../src/tensor/index.ts'
import type { StreamEvent } from '../../src/verdict/index.ts'
import { missingCifar10 } from '../data/cifar10.ts'
import type { Change, Form } from '../fitted/change.ts'
import {
  DATA_OPTION,
  type DataName,
  type FittedSubject,
  type Measured,
  openFitted,
} from '../fitted/fitted-subject.ts'
import { LENS_CHANGES, PLACED } from '../fitted/lens-changes.ts'
import { type CellContext, defineStudy } from '../harness/study.ts'
import { drawImages } from '../stream/drawn-images.ts'
import { median } from '../stream/median.ts'
import { rate } from '../protocol/alarms.ts'
import { seedOf } from '../window/seed-of.ts'

const BEFORE = 1000
const FALSE_ALARM_EVERY = 100_000
const SHARES = [1, 0.5]
/** Of streams without a change, so that there are false alarms to count. */
const QUIET_EVERY = 2000

const CHANGES = LENS_CHANGES.filter(({ name }) => PLACED.has(name))
const FORMS: Readonly<Record<DataName, readonly Form[]>> = {
  mnist: ['as-is'],
  cifar10: ['as-is', 'saved-again'],
}

type Cell = {
  readonly data: DataName
  readonly fitted: number
  readonly seed: number
  readonly runs: number
} & (
  | { readonly kind: 'changed'; readonly change: string; readonly within: number }
  | { readonly kind: 'unchanged'; readonly images: number }
)

/** Images from the change to the alarm, one for each run; null where there was none in time. */
type Delays = readonly (number | null)[]

type Result =
  | {
      readonly kind: 'changed'
      readonly rows: readonly {
        readonly form: Form
        readonly share: number
        readonly withPlaces: Delays
        readonly without: Delays
      }[]
      readonly falseAlarms: number
    }
  | {
      readonly kind: 'unchanged'
      readonly alarms: number
      /** Of them those that places raised. */
      readonly byPlaces: number
      readonly images: number
    }

/** Does a stream see a worn lens? */
export const study = defineStudy({
  title: 'What is always at the same place, in a stream',
  description:
    'Eight faults of lens and sensor at one place of the frame, so slight that no feature of a single image was made for them, in all or half of the images of a stream after 1,000 unchanged ones: images until the alarm at one false alarm in 100,000, of streams that are given the places of the frame and of such that are not. And streams in which nothing changes, at one false alarm in 2,000: how many come.',
  revision: 1,
  dependsOn: ['features', 'streams'],
  options: {
    data: DATA_OPTION,
    fitted: { kind: 'integer', default: 20_000, description: 'images handed to fit' },
    seed: { kind: 'integer', default: 0, description: 'of the split and of all that is fitted' },
    runs: { kind: 'integer', default: 10, quick: 1, description: 'streams of each' },
    within: {
      kind: 'integer',
      default: 3000,
      quick: 500,
      description: 'images after the change in which it may be found',
    },
    unchanged: {
      kind: 'integer',
      default: 20_000,
      quick: 1000,
      description: 'images of a stream without a change',
    },
  },
  skipReason: async ({ data }) => (data.includes('cifar10') ? missingCifar10() : undefined),
  cells: ({ data, within, unchanged, ...own }): Cell[] =>
    data.flatMap((name) => [
      { kind: 'unchanged', data: name, images: unchanged, ...own },
      ...CHANGES.map((change): Cell => ({
        kind: 'changed',
        data: name,
        change: change.name,
        within,
        ...own,
      })),
    ]),
  run: runCell,
  summarise: (outcomes) => ({
    delays: outcomes.flatMap(({ cell, result }) =>
      cell.kind === 'changed' && result.kind === 'changed' ? delayRows(cell, result.rows) : [],
    ),
    unchanged: outcomes.flatMap(({ cell, result }) =>
      result.kind === 'unchanged'
        ? [
            {
              data: cell.data,
              images: result.images,
              alarms: result.alarms,
              byPlaces: result.byPlaces,
              stated: result.images / QUIET_EVERY,
            },
          ]
        : [],
    ),
    falseAlarmsBefore: outcomes.reduce(
      (sum, { result }) => sum + (result.kind === 'changed' ? result.falseAlarms : 0),
      0,
    ),
  }),
})

type ChangedRows = Extract<Result, { readonly kind: 'changed' }>['rows']

function delayRows(
  { data, change: name }: Extract<Cell, { readonly kind: 'changed' }>,
  rows: ChangedRows,
) {
  const of = (delays: Delays) => {
    const found = delays.filter((delay) => delay !== null)
    const all = delays.map((delay) => delay ?? Infinity)
    const middle = median(all) ?? Infinity
    return {
      found: rate(found.length, delays.length),
      // Where half or more were not found there is no median.
      median: Number.isFinite(middle) ? middle : null,
    }
  }
  return rows.map(({ form, share, withPlaces, without }) => ({
    data,
    change: changeNamed(name).title,
    form,
    share,
    withPlaces: of(withPlaces),
    without: of(without),
  }))
}

function changeNamed(name: string): Change {
  const change = CHANGES.find((one) => one.name === name)
  if (change === undefined) throw new RangeError(`no change ${name}`)
  return change
}

async function runCell(cell: Cell, context: CellContext): Promise<Result> {
  const subject = await openFitted(cell, context)
  await using detector = await subject.detector()
  return cell.kind === 'changed'
    ? await runChanged(cell, { subject, detector })
    : runUnchanged(cell, { subject, detector })
}

type Opened = { readonly subject: FittedSubject; readonly detector: Detector }

async function runChanged(
  { data, change: name, runs, within, seed }: Extract<Cell, { readonly kind: 'changed' }>,
  { subject, detector }: Opened,
): Promise<Result> {
  const rows: ChangedRows[number][] = []
  let falseAlarms = 0
  for (const form of FORMS[data]) {
    const changed = await subject.changed(changeNamed(name), form)
    for (const share of SHARES) {
      const delays = (hasPlaces: boolean): Delays =>
        Array.from({ length: runs }, (_, run) => {
          const own = { seed: seedOf('places', data, name, form, share, run, seed), hasPlaces }
          const delay = delayOf(detector, { changed, subject, share, within, ...own })
          if (delay !== null && delay <= 0) falseAlarms++
          return delay
        }).filter((delay) => delay === null || delay > 0)
      rows.push({ form, share, withPlaces: delays(true), without: delays(false) })
    }
  }
  return { kind: 'changed', rows, falseAlarms }
}

type ChangedStream = {
  readonly subject: FittedSubject
  readonly changed: Measured
  readonly share: number
  readonly within: number
  readonly seed: number
  readonly hasPlaces: boolean
}

/** Images from the change to the alarm, 0 or less for one before it; null where none came in time. */
function delayOf(
  detector: Detector,
  { subject, changed, share, within, seed, hasPlaces }: ChangedStream,
): number | null {
  const random = createRandom(seed)
  const stream = detector.stream({ falseAlarmEvery: FALSE_ALARM_EVERY, seed })
  const common = { extractor: detector.extractor, next: { number: 0 }, random, hasPlaces }
  const clean = drawImages(subject.unseen, common)
  const other = drawImages(changed, common)
  for (let image = 0; image < BEFORE + within; image++) {
    const isChanged = image >= BEFORE && random.uniform() < share
    const events = stream.take(isChanged ? other() : clean())
    if (events.some(isDrift)) return image + 1 - BEFORE
  }
  return null
}

const isDrift = (event: StreamEvent): event is Extract<StreamEvent, { readonly kind: 'drift' }> =>
  event.kind === 'drift'

function runUnchanged(
  { data, runs, images, seed }: Extract<Cell, { readonly kind: 'unchanged' }>,
  { subject, detector }: Opened,
): Result {
  let [alarms, byPlaces] = [0, 0]
  for (let run = 0; run < runs; run++) {
    const own = seedOf('places', data, 'unchanged', run, seed)
    const random = createRandom(own)
    const stream = detector.stream({ falseAlarmEvery: QUIET_EVERY, seed: own })
    const next = { number: 0 }
    const draw = drawImages(subject.unseen, { extractor: detector.extractor, random, next })
    for (let image = 0; image < images; image++) {
      const found = stream.take(draw()).filter(isDrift)
      alarms += found.length
      byPlaces += found.filter(({ places }) => places !== undefined).length
    }
  }
  return { kind: 'unchanged', alarms, byPlaces, images: runs * images }
}
