import { z } from 'zod'
import { featureGroupSchema, placeEvidenceSchema } from './evidence.ts'
import { exemplarSchema, repeatsSchema } from './images.ts'
import { judgementSchema } from './judgement.ts'
import type { ReadOnly } from './read-only.ts'

const placeFields = {
  /** Its number, from 1, counting readable images. */
  number: z.int(),
  id: z.string(),
  timestamp: z.string().optional(),
}
const placeSchema = z.object(placeFields)

/** An image of a stream. */
export type StreamPlace = ReadOnly<z.infer<typeof placeSchema>>

const sinceSchema = z.object({
  ...placeFields,
  /** The 95% interval around it, as numbers from 1. */
  from: z.int(),
  to: z.int(),
})

/** Where a change began: the likeliest first changed image. */
export type ChangePoint = ReadOnly<z.infer<typeof sinceSchema>>

const carrierSchema = z.object({
  name: z.string(),
  group: featureGroupSchema,
  /** Its evidence in units of what alarms. */
  strength: z.number(),
})

/** A feature that shows a change. */
export type StreamCarrier = ReadOnly<z.infer<typeof carrierSchema>>

/** Checks an event of a stream. */
export const streamEventSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('drift'),
    /** `slow`: seen over hundreds or thousands of images by what they sum up to. */
    pace: z.enum(['sudden', 'slow']),
    /** The image at which it became sure. */
    at: placeSchema,
    since: sinceSchema,
    /** Strongest first. */
    carriers: z.array(carrierSchema),
    /** The images since, at most the last 1,000, held against the baseline; of few images it says little by itself. */
    judgement: judgementSchema,
    /** Where places of the frame show the change: by how much they differed in the stretch of images before it was sure. */
    places: z.array(placeEvidenceSchema).optional(),
    /** Images of before the change, for comparison; absent in older events. */
    before: z.array(exemplarSchema).optional(),
  }),
  z.object({
    kind: z.literal('recovered'),
    at: placeSchema,
    /** Images from the change to here. */
    images: z.int(),
  }),
  z.object({
    /** Images that follow each other, or stretches of them, are alike, so that alarms would mean nothing. */
    kind: z.literal('dependent'),
    at: placeSchema,
    carriers: z.array(carrierSchema),
    /** Where stretches are alike: how many alarms came within how many images. */
    changes: z.object({ count: z.int(), images: z.int() }).optional(),
    /** Where the last images repeat each other. */
    repeats: repeatsSchema.optional(),
  }),
  z.object({
    /** A change that the tolerated ones explain. */
    kind: z.literal('tolerated'),
    at: placeSchema,
    since: sinceSchema,
  }),
])

/** What happened in a stream. */
export type StreamEvent = ReadOnly<z.infer<typeof streamEventSchema>>
