import type { FileTrait } from '../../file-properties.ts'
import type { PolicyInput } from '../../judging/index.ts'
import type { FeatureGroup } from '../../measuring/values/index.ts'

// Written out, not inferred from the schemas that check them, so that an editor shows what each means; `options.ts`
// does not compile where the two differ.

/**
 * Largest strength of each change that is to be taken for normal. Every image may be changed by any strength up to
 * these, either way, by all kinds at once, in any mix over a batch, and by any usual tool.
 */
export type Tolerance = {
  /** Standard deviation of added normal noise, of each value apart, where black is 0 and white 1; from 0 to 1. */
  readonly noise?: number | undefined
  /** Degrees either way; from 0 to 180. */
  readonly rotation?: number | undefined
  /** Shares of the height and of the width, either way along both; from 0 to 0.5. */
  readonly translation?: number | undefined
  /** Added to every value (0.1 of the range from black to white), or a relative change of it (×0.9 to ×1.1); from 0 to 1. */
  readonly brightness?: number | undefined
  /** Relative change of the distance from mid-grey or from the image's mean (0.2: ×0.8 to ×1.2); from 0 to 1. */
  readonly contrast?: number | undefined
}

/** Settings of a fit as a caller gives them. */
export type FitInput = {
  /** Seed of every random choice, a whole number; the same seed and images give the same detector. Default 0. */
  readonly seed?: number | undefined
  /** The autoencoder: a small code trained fast, or the published 28×28 `recipe`, whose sides are multiples of 4. Default `default`. */
  readonly preset?: 'default' | 'recipe' | undefined
  /** Passes over the training images, 1 to 1000. Default: enough for about 150,000 images seen, 5 to 40; the recipe's is 10. */
  readonly epochs?: number | undefined
  /** Longest side of the working image, 4 to 224 pixels; larger images are reduced to it, smaller ones stay. Default 64. */
  readonly workingSide?: number | undefined
  /** How images come to the working shape: distorted, cropped in the middle, or with borders. Default `stretch`. */
  readonly resize?: 'stretch' | 'cover' | 'contain' | undefined
  /**
   * Images drawn at random from the source, at least 100; the others are not held in memory. Of a reference of its own
   * 10,000 at most. Default: 30,000, fewer where their pixels would take more than 4 GiB.
   */
  readonly maxImages?: number | undefined
  /** The user's classifier was trained on none of these images, so that its outputs may count. Default false. */
  readonly unseenByClassifier?: boolean | undefined
  /** When to alarm; a check may override it. Default: a false-alarm rate of 0.01. */
  readonly policy?: PolicyInput | undefined
  /** Changes that are to be taken for normal, by their largest strengths. Default: none. */
  readonly tolerate?: Tolerance | undefined
  /** What of the files themselves may change and be normal, by name. Default: nothing. */
  readonly tolerateFiles?: readonly FileTrait[] | undefined
  /** Groups of features that the window test looks at. Default: all there are. */
  readonly features?: readonly FeatureGroup[] | undefined
  /** Names of the classifier's classes in the order of its outputs, two or more. Default: those of its file, or of the labels that go with them. */
  readonly classNames?: readonly string[] | undefined
  /** Images that share this depend on each other: an attribute of the manifest, `folder`, `label` or `timestamp`. Default: all are independent. */
  readonly blockBy?: string | undefined
  /** Up to 20 batch sizes, each 5 or more, whose null distribution is drawn now: a quiet batch of so many images is then cleared in a millisecond. Default: none. */
  readonly batchSizes?: readonly number[] | undefined
  /** Stop at the first image that can't be read, instead of counting it. Default false. */
  readonly strict?: boolean | undefined
  /** Where to compute; all but `cpu` need a runtime build and drivers that have it. Default `cpu`. */
  readonly device?: 'cpu' | 'cuda' | 'coreml' | 'dml' | 'webgpu' | undefined
  /** Threads of the processor, 1 or more. Default: all cores. */
  readonly threads?: number | undefined
  /** Path of a file that lets a killed training resume; remove it when the detector is saved. Default: none is kept. */
  readonly checkpoint?: string | undefined
}

/** Settings of a check as a caller gives them. */
export type CheckInput = {
  /** Overrides the policy that the detector was fitted with. Default: that one. */
  readonly policy?: PolicyInput | undefined
  /** `auto`: cleared by the drawn null where there is one for this size, else tested exactly; an alarm is always exact. Default `auto`. */
  readonly mode?: 'auto' | 'exact' | 'fast' | undefined
  /** Stop at the first image that can't be read, instead of counting it. Default false. */
  readonly strict?: boolean | undefined
  /** Seed of the test's random draws, a whole number. Default 0. */
  readonly seed?: number | undefined
  /** What else of the files themselves may have changed in this batch, beside what the detector tolerates. Default: nothing. */
  readonly tolerateFiles?: readonly FileTrait[] | undefined
}

/** Settings of a rehearsal as a caller gives them. */
export type RehearseInput = {
  /** Images of a batch, 5 or more. Default 100. */
  readonly batchSize?: number | undefined
  /** Images from one false alarm of a stream to the next, on average, at least; from 100. Default 100,000. */
  readonly falseAlarmEvery?: number | undefined
  /** A stream that has not alarmed so many images after a change has missed it; from 10 to 100,000. Default 1000. */
  readonly within?: number | undefined
  /** Of the images that are changed, each more than 0 and at most 1. Default: all, half, a tenth. */
  readonly shares?: readonly number[] | undefined
  /** Kinds of change by name, as `GRADED_CHANGES` has them. Default: all that make sense for the images. */
  readonly changes?: readonly string[] | undefined
  /** Past images that changes are made of, 50 or more; fewer where there are not twice as many, or their pixels would take too much memory. Default 1000. */
  readonly images?: number | undefined
  /** Runs at each strength, 10 or more; twice as many where it decides. Default 20. */
  readonly runs?: number | undefined
  /** Seed of all draws, a whole number. Default 0. */
  readonly seed?: number | undefined
}
