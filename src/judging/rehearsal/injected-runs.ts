import { joinPlaces } from '../../measuring/values/index.ts'
import type { DirectionState } from '../../statistics/index.ts'
import { concatenateValues, createRandom, type Random } from '../../tensor/index.ts'
import type { Judgement, RehearsalTrial } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { judge } from '../judge.ts'
import type { Policy } from '../policy.ts'
import { type ImageRow, measurementsOfRows } from '../rows-as-measurements.ts'
import { completeStreamOptions } from '../stream/stream-options.ts'
import { createStreamReference } from '../stream/stream-reference.ts'
import { createStreamTests, type StreamTests } from '../stream/stream-tests.ts'
import { createBatchAlarm, type ImageRows } from './batch-alarm.ts'
import type { RehearsalSettings } from './rehearsal-settings.ts'

/** A change of some strength in some of the images. */
export type Injection = {
  readonly strength: number
  /** Of the images that are changed; 0 for none. */
  readonly share: number
  /** Changed images; with their places where those of the history have them. */
  readonly changed: ImageRows
  readonly runs: number
  /** Another for each trial. */
  readonly seed: number
}

/** Ways of watching, each tried in many runs. */
export type InjectedRuns = {
  stream(injection: Injection): RehearsalTrial
  batches(injection: Injection): RehearsalTrial
}

/** Runs with images of the history, some of them changed, drawn again and again. */
export function createInjectedRuns(
  baseline: Baseline,
  policy: Policy,
  { clean, settings }: { readonly clean: ImageRows; readonly settings: RehearsalSettings },
): InjectedRuns {
  const { within, batchSize } = settings
  const width = baseline.table.columns.length
  const draw: Draw = ({ share, changed }, random) => {
    const { values, places } = random.uniform() < share ? changed : clean
    const rows = values.length / width
    const row = random.integer(rows)
    const cells = (places?.length ?? 0) / rows
    return {
      row: values.subarray(row * width, (row + 1) * width),
      places: places?.subarray(row * cells, (row + 1) * cells),
    }
  }
  const drawMany = (injection: Injection, random: Random, count: number): DrawnImage[] =>
    Array.from({ length: count }, () => draw(injection, random))
  const batchOf = (drawn: readonly DrawnImage[]): ImageRows => ({
    values: concatenateValues(drawn.map(({ row }) => row)),
    places: joinPlaces(drawn),
  })
  const isAlarm = createBatchAlarm(baseline, policy, settings)
  /** Tolerated changes raise no alarm, however sure the tests are of them. */
  const isTolerated = (injection: Injection, random: Random): boolean =>
    baseline.nearest !== undefined &&
    judgeRows(baseline, policy, drawMany(injection, random, within)).severity !== 'drift'
  const delayOf = createDelays(baseline, draw, settings)
  return {
    stream(injection) {
      const { strength, runs } = injection
      const random = createRandom(injection.seed)
      if (isTolerated(injection, random)) return { strength, runs, found: 0, images: null }
      const delays = Array.from({ length: runs }, (_, run) => delayOf(injection, random, run))
      const found = delays.filter(Number.isFinite).length
      const median = delays.toSorted((a, b) => a - b)[Math.floor(runs / 2)]
      return { strength, runs, found, images: Number.isFinite(median) ? median : null }
    },
    batches(injection) {
      const { strength, runs } = injection
      const random = createRandom(injection.seed)
      if (isTolerated(injection, random)) return { strength, runs, found: 0, images: batchSize }
      let found = 0
      for (let run = 0; run < runs; run++) {
        if (isAlarm(batchOf(drawMany(injection, random, batchSize)))) found++
      }
      return { strength, runs, found, images: batchSize }
    },
  }
}

function judgeRows(baseline: Baseline, policy: Policy, drawn: readonly DrawnImage[]): Judgement {
  const rows = drawn.map((one, i) => ({
    ...one,
    // No image of the fit has such a hash, nor has another of the batch.
    image: { record: { id: String(i) }, place: i, hash: -1 - i },
  }))
  return judge(baseline, measurementsOfRows(baseline, rows), policy, { areRedrawn: true })
}

type DrawnImage = Pick<ImageRow, 'row' | 'places'>

/** An image of the history, or with the chance of the share one of the changed. */
type Draw = (injection: Pick<Injection, 'share' | 'changed'>, random: Random) => DrawnImage

/** Unchanged images that a stream has seen before the change. */
const BEFORE = 1000
/** Streams that stand before it; the runs start from one after the other. */
const STARTS = 5

/** Images from the change to the alarm, Infinity where none comes in time. */
function createDelays(
  baseline: Baseline,
  draw: Draw,
  settings: RehearsalSettings,
): (injection: Injection, random: Random, run: number) => number {
  const tests = createStreamTests(createStreamReference(baseline), completeStreamOptions(settings))
  const takeNext = (state: TestStates, ...drawn: Parameters<Draw>): void => {
    const { row, places } = draw(...drawn)
    const bins = tests.binsOf(row)
    tests.change.update(state.change, bins)
    tests.slow.update(state.slow, bins)
    if (places === undefined) return
    tests.places.forEach(({ change }, i) => change.update(state.places[i], places))
  }
  const nothing = { share: 0, changed: { values: new Float32Array() } }
  const starts = Array.from({ length: STARTS }, (_, i) => {
    const state = begin(tests)
    const random = createRandom(settings.seed + i)
    for (let image = 0; image < BEFORE; image++) {
      if (isAlarmed(tests, state)) beginAnew(tests, state)
      takeNext(state, nothing, random)
    }
    return state
  })
  return (injection, random, run) => {
    const state = structuredClone(starts[run % STARTS])
    for (let image = 1; image <= settings.within; image++) {
      takeNext(state, injection, random)
      if (isAlarmed(tests, state)) return image
    }
    return Infinity
  }
}

type TestStates = {
  readonly change: ReturnType<StreamTests['change']['init']>
  readonly slow: ReturnType<StreamTests['slow']['init']>
  readonly places: readonly DirectionState[]
}

const begin = ({ change, slow, places }: StreamTests): TestStates => ({
  change: change.init(),
  slow: slow.init(),
  places: places.map((test) => test.change.init()),
})

/** After a false alarm. */
function beginAnew({ change, places }: StreamTests, state: TestStates): void {
  change.reset(state.change)
  places.forEach((test, i) => test.change.restart(state.places[i]))
}

function isAlarmed({ change, slow, places }: StreamTests, state: TestStates): boolean {
  return (
    change.alarmed(state.change) ||
    slow.alarmed(state.slow) ||
    places.some((test, i) => test.change.alarmed(state.places[i]))
  )
}
