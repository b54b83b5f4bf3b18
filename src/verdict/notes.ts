import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

const confidenceSchema = z.object({ reference: z.number(), batch: z.number() })

/** Mean confidence of the classifier, in [0, 1]: on the held-out images and in the batch. */
export type Confidence = ReadOnly<z.infer<typeof confidenceSchema>>

/** So many images of the batch. */
const partOfBatch = { images: z.int(), of: z.int() }

/** Checks a note. */
export const noteSchema = z.discriminatedUnion('code', [
  /** So many of the images were used to fit this detector, and are left out of the comparison. */
  z.object({ code: z.literal('learned'), ...partOfBatch }),
  /** So many are held-out images of this detector, compared with themselves. */
  z.object({ code: z.literal('held-out'), ...partOfBatch }),
  /** So many are exact copies of others in the batch; of verdicts of before `repeats` were a part of them. */
  z.object({ code: z.literal('copies'), ...partOfBatch }),
  /** What the source of the images says of itself, in its own words. */
  z.object({ code: z.literal('source'), text: z.string() }),
  /** Given beside the images, and of no use: the reference had none. */
  z.object({
    code: z.literal('unused-vectors'),
    names: z.array(z.enum(['probabilities', 'logits', 'embeddings'])),
  }),
  /** So few that a change of every tenth image is absent with the chance `missed`. */
  z.object({ code: z.literal('small-batch'), images: z.int(), missed: z.number() }),
  /** Tested on a random sample. */
  z.object({ code: z.literal('sampled'), ...partOfBatch }),
  /** Could not be read. */
  z.object({ code: z.literal('unreadable'), ...partOfBatch }),
  /** More than `largest` images for so many held-out ones: the rate of this one detector may be off. */
  z.object({
    code: z.literal('large-batch'),
    reference: z.int(),
    largest: z.int(),
    /** How more images would be held out; null where there are as many as there can be. */
    more: z.enum(['reference', 'max-images', 'images']).nullable(),
  }),
  /** Too few blocks for any p-value to reach the level. */
  z.object({
    code: z.literal('few-blocks'),
    blocks: z.int(),
    reference: z.int(),
    level: z.number(),
  }),
  /** The classifier may have been trained on the reference; its mean confidence where it fell. */
  z.object({ code: z.literal('outputs-untrusted'), confidence: confidenceSchema.nullable() }),
  /** Only the classifier's outputs changed, towards less sure. */
  z.object({ code: z.literal('outputs-alone'), confidence: confidenceSchema }),
  /** Only one side came as files: what these say beside size and channels is not compared. */
  z.object({ code: z.literal('files-not-compared'), arrays: z.enum(['reference', 'batch']) }),
  /** Fitted on pictures that other decoders read; null where an older version does not say. */
  z.object({
    code: z.literal('decoding'),
    fitted: z.string().nullable(),
    now: z.string().nullable(),
  }),
])

/** What a reader of a judgement should know besides: a code and its numbers; `wording` has the sentences. */
export type Note = ReadOnly<z.infer<typeof noteSchema>>
