import type { Measurements } from '../../measuring/values/index.ts'
import { createRandom, type Random } from '../../tensor/index.ts'
import type { Judgement, RehearsalTrial } from '../../verdict/index.ts'
import type { Baseline } from '../baseline.ts'
import { judge } from '../judge.ts'
import type { Policy } from '../policy.ts'
import { measurementsOfRows } from '../rows-as-measurements.ts'
import { completeStreamOptions } from '../stream/stream-options.ts'
import { createStreamReference } from '../stream/stream-reference.ts'
import { createStreamTests, type StreamTests } from '../stream/stream-tests.ts'
import { createBatchAlarm } from './batch-alarm.ts'
import type { RehearsalSettings } from './rehearsal-settings.ts'

/** A change of some strength in some of the images. */
export type Injection = {
  readonly strength: number
  /** Of the images that are changed; 0 for none. */
  readonly share: number
  /** Rows × columns of changed images. */
  readonly changed: Float32Array
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
  { clean, settings }: { readonly clean: Measurements; readonly settings: RehearsalSettings },
): InjectedRuns {
  const { within, batchSize } = settings
  const width = baseline.table.columns.length
  const draw: Draw = ({ share, changed }, random) => {
    const values = random.uniform() < share ? changed : clean.values
    const row = random.integer(values.length / width)
    return values.subarray(row * width, (row + 1) * width)
  }
  const drawMany = (injection: Injection, random: Random, count: number): Float32Array => {
    const values = new Float32Array(count * width)
    for (let i = 0; i < count; i++) values.set(draw(injection, random), i * width)
    return values
  }
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
        if (isAlarm(drawMany(injection, random, batchSize))) found++
      }
      return { strength, runs, found, images: batchSize }
    },
  }
}

function judgeRows(baseline: Baseline, policy: Policy, values: Float32Array): Judgement {
  const width = baseline.table.columns.length
  const rows = Array.from({ length: values.length / width }, (_, i) => ({
    row: values.subarray(i * width, (i + 1) * width),
    // No image of the fit has such a hash, nor has another of the batch.
    image: { record: { id: String(i) }, place: i, hash: -1 - i },
  }))
  return judge(baseline, measurementsOfRows(baseline, rows), policy, { areRedrawn: true })
}

/** A row of the history, or with the chance of the share one of the changed. */
type Draw = (injection: Pick<Injection, 'share' | 'changed'>, random: Random) => Float32Array

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
    const bins = tests.binsOf(draw(...drawn))
    tests.change.update(state.change, bins)
    tests.slow.update(state.slow, bins)
  }
  const nothing = { share: 0, changed: new Float32Array() }
  const starts = Array.from({ length: STARTS }, (_, i) => {
    const state = begin(tests)
    const random = createRandom(settings.seed + i)
    for (let image = 0; image < BEFORE; image++) {
      if (isAlarmed(tests, state)) tests.change.reset(state.change)
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
}

const begin = ({ change, slow }: StreamTests): TestStates => ({
  change: change.init(),
  slow: slow.init(),
})

function isAlarmed({ change, slow }: StreamTests, state: TestStates): boolean {
  return change.alarmed(state.change) || slow.alarmed(state.slow)
}
