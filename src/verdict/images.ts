import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

/** Checks an image that could not be read. */
export const skippedImageSchema = z.object({
  id: z.string(),
  /** Of the error, e.g. `image.undecodable`. */
  code: z.string(),
  message: z.string(),
  /** Its number in the source, from 0, where the source counts. */
  place: z.int().optional(),
})

/** Checks how many images were tested. */
export const testedSchema = z.object({
  images: z.int(),
  /** Readable images that they stand for. */
  of: z.int(),
  /** Left out, since they were learned from. */
  setAside: z.int(),
  /** Fewer would not have been tested. */
  fewest: z.int(),
  /** Held-out images that they were compared with. */
  reference: z.int(),
})

/** Images that the test looked at. */
export type TestedImages = ReadOnly<z.infer<typeof testedSchema>>

/** Checks an image by its place. */
export const exemplarSchema = z.object({
  id: z.string(),
  /** Its number in the source, from 0, counting those that could not be read. */
  place: z.int(),
})

/** Checks images worth looking at. */
export const exemplarsSchema = z.object({
  /** Most unusual first. */
  mostUnusual: z.array(exemplarSchema),
  /** Where the batch is denser than the reference most, in the features that changed; empty when none did. */
  representative: z.array(exemplarSchema),
})

/** Images worth looking at. */
export type Exemplars = ReadOnly<z.infer<typeof exemplarsSchema>>

/** Checks images that look like nothing in the reference. */
export const foreignSchema = z.object({
  images: z.int(),
  /** Images that were looked at. */
  of: z.int(),
  /** Most unusual first; of more than 100 the first. */
  named: z.array(exemplarSchema),
  /** Of those named so, the share that is so by chance: at most this on average, where images do not depend on each other. */
  falseDiscoveryRate: z.number(),
})

/** Images that look like nothing in the reference, told one by one. */
export type Foreign = ReadOnly<z.infer<typeof foreignSchema>>

/** Checks how many images were known. */
export const recognisedSchema = z.object({
  /** Images it learned from; left out of the judgement, unless so many are met by nature. */
  learned: z.int(),
  /** Held-out images. */
  reference: z.int(),
  /** Exact copies of other images of the batch; of a sampled batch, within the sample. */
  copies: z.int(),
})

/** Checks what is known of images that repeat others. */
export const repeatsSchema = z.object({
  /**
   * `frozen`: most images are one, or a stretch of them is; `loop`: a few come in turn; `each`: every one came so many
   * `times`; `some`: others.
   */
  kind: z.enum(['frozen', 'loop', 'each', 'some']),
  /** Not equal to the pixel, but nearly: with other noise, or saved anew. */
  isNear: z.boolean(),
  /** Of the one that came most often, all in the loop, all that came so many times, or those beyond the first of each. */
  images: z.int(),
  /** Images that were looked through. */
  of: z.int(),
  /** Different ones: in the loop, that came so many times, else in all. */
  different: z.int(),
  times: z.int().optional(),
  /** That came before: all but the first of each. */
  again: z.int(),
  /** Left out of the comparison: all but the first of each, where that is like the reference. */
  leftOut: z.int(),
  /** More than the policy's `manyRepeats`. */
  areMany: z.boolean(),
  /** The first of each, that which came most often first, at most eight. */
  shown: z.array(exemplarSchema),
})

/** Images that repeat others of their batch, more of them than in the reference. */
export type Repeats = ReadOnly<z.infer<typeof repeatsSchema>>

/** Images of a batch that the detector knows already. */
export type Recognised = ReadOnly<z.infer<typeof recognisedSchema>>
