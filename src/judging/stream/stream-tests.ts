import {
  binRows,
  calibrateThreshold,
  type ChangeTest,
  createChangeTest,
  createDependenceTest,
  createDirectionTest,
  createRecoveryTest,
  createSlowChangeTest,
  type DirectionTest,
  guaranteedThreshold,
  type SlowChangeTest,
} from '../../statistics/index.ts'
import type { StreamSettings } from './stream-options.ts'
import { type PlaceReference, type StreamReference, watchedColumns } from './stream-reference.ts'

/** The tests that watch a stream together. */
export type StreamTests = {
  /** What the tests take of rows of all columns: bins of rows × watched columns. */
  binsOf(values: Float32Array): Uint16Array
  readonly change: ChangeTest
  readonly dependence: ReturnType<typeof createDependenceTest>
  readonly slow: SlowChangeTest
  readonly recovery: ReturnType<typeof createRecoveryTest>
  /** Of what is always at the same places of the frame, by shorter and longer stretches; none where those are not watched. */
  readonly places: readonly PlaceTest[]
}

/** A test of places, and whether a change that it found is over. */
export type PlaceTest = {
  readonly change: DirectionTest
  readonly recovery: ReturnType<typeof createRecoveryTest>
}

/** Share of the false alarms that are left to slow changes. */
const SLOW_SHARE = 0.2
/** Windows of slow changes, in bets; none longer than the reference. */
const SLOW_LENGTHS = [500, 4000]

/** Images of the stretches that places are learned from; none longer than the reference. */
const PLACE_LENGTHS = [64, 512, 4096]

/** A change that goes on is taken for over once in so many images at most. */
const SURELY_OVER = 1000

/** Largest level of one window of a slow change. */
const LARGEST_LEVEL = 0.05

/** Shares the false alarms out among the tests. */
export function createStreamTests(
  streamReference: StreamReference,
  { falseAlarmEvery, threshold, seed }: StreamSettings,
): StreamTests {
  const { bins, rows: reference, weights } = streamReference
  const rows = reference.length / weights.length
  const lengths = SLOW_LENGTHS.filter((length) => length <= rows)
  const suddenShare = lengths.length === 0 ? 1 : 1 - SLOW_SHARE
  const places = watchedPlaces(streamReference.places)
  const placeShare = places?.share ?? 0
  const sudden = falseAlarmEvery / suddenShare / (1 - placeShare)
  const common = { reference, weights, seed }
  return {
    binsOf: (values) => binRows(bins, watchedColumns(streamReference, values)),
    change: createChangeTest({
      ...common,
      threshold:
        threshold === 'guaranteed'
          ? guaranteedThreshold(sudden)
          : calibrateThreshold({ ...common, falseAlarmEvery: sudden }),
    }),
    dependence: createDependenceTest({
      weights,
      threshold: guaranteedThreshold(falseAlarmEvery),
    }),
    slow: createSlowChangeTest({
      ...common,
      windows: lengths.map((length) => ({
        length,
        level: Math.min(LARGEST_LEVEL, ((SLOW_SHARE / lengths.length) * length) / falseAlarmEvery),
      })),
    }),
    recovery: createRecoveryTest(SURELY_OVER),
    places:
      places === undefined
        ? []
        : createPlaceTests(places, {
            falseAlarmEvery: falseAlarmEvery / suddenShare / placeShare,
            seed,
          }),
  }
}

type WatchedPlaces = PlaceReference & { readonly lengths: readonly number[] }

/** With the stretches that the reference is large enough for; nothing where it is for none. */
function watchedPlaces(places: PlaceReference | undefined): WatchedPlaces | undefined {
  const cells = places?.ranges.at(-1)?.end ?? 0
  const lengths = PLACE_LENGTHS.filter((length) => length * cells <= (places?.rows.length ?? 0))
  return places === undefined || lengths.length === 0 ? undefined : { ...places, lengths }
}

function createPlaceTests(
  { aside, rows: reference, ranges: maps, lengths }: WatchedPlaces,
  { falseAlarmEvery, seed }: Pick<StreamSettings, 'falseAlarmEvery' | 'seed'>,
): PlaceTest[] {
  const threshold = guaranteedThreshold(falseAlarmEvery * lengths.length)
  return lengths.map((length) => ({
    change: createDirectionTest({ aside, reference, maps, length, threshold, seed }),
    // The fainter, the more of it has to be seen, or what it looks like is taken for its end.
    recovery: createRecoveryTest(SURELY_OVER, { least: length, most: 4 * length }),
  }))
}
