import { DriftError } from '../../errors.ts'

/** How a stream is watched. */
export type StreamOptions = {
  /** Images from one false alarm to the next, on average, at least; from 100. Default 100,000. */
  readonly falseAlarmEvery?: number | undefined
  /**
   * `guaranteed`: proven, whatever the features are, and in practice rarer. `calibrated`: simulated on the detector's own
   * reference to come out as stated, which takes some seconds at the start and sees a change a little sooner. Default
   * `guaranteed`.
   */
  readonly threshold?: StreamThreshold | undefined
  /** Seed of what breaks ties, a whole number. Default 0. */
  readonly seed?: number | undefined
}

/** Where the threshold of a stream comes from. */
export type StreamThreshold = 'guaranteed' | 'calibrated'

/** The same with the defaults. */
export type StreamSettings = {
  readonly [name in keyof StreamOptions]-?: NonNullable<StreamOptions[name]>
}

/** Fewest images from one false alarm to the next that may be asked for. */
const FEWEST = 100

/** The options with their defaults; throws DriftError('config.invalid') where one is out of range. */
export function completeStreamOptions({
  falseAlarmEvery = 100_000,
  threshold = 'guaranteed',
  seed = 0,
}: StreamOptions): StreamSettings {
  if (!(falseAlarmEvery >= FEWEST) || !Number.isFinite(falseAlarmEvery)) {
    throw new DriftError(
      'config.invalid',
      `expected at least ${FEWEST} images from one false alarm to the next, got ${falseAlarmEvery}`,
      { hint: 'At 10,000 images a day, 1,000,000 is one false alarm in a hundred days at most.' },
    )
  }
  if (!Number.isSafeInteger(seed)) {
    throw new DriftError('config.invalid', `expected an integer seed, got ${seed}`)
  }
  return { falseAlarmEvery, threshold, seed }
}
