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

/** Checks how many images were known. */
export const recognisedSchema = z.object({
  /** Images it learned from; left out of the judgement, unless so many are met by nature. */
  learned: z.int(),
  /** Held-out images. */
  reference: z.int(),
  /** Exact copies of other images of the batch; of a sampled batch, within the sample. */
  copies: z.int(),
})

/** Images of a batch that the detector knows already. */
export type Recognised = ReadOnly<z.infer<typeof recognisedSchema>>
