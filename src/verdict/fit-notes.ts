import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

/** Checks a note of a fit. */
export const fitNoteSchema = z.discriminatedUnion('code', [
  /** What the source of the images says of itself, in its own words; any note of a fit of before they had codes. */
  z.object({ code: z.literal('text'), text: z.string() }),
  /**
   * The classifier may have been trained on the reference, and its outputs do not count; of `labelled` held-out images
   * it is right on suspiciously many, where that is known.
   */
  z.object({
    code: z.literal('outputs-untrusted'),
    right: z.int().optional(),
    labelled: z.int().optional(),
  }),
  /** The classifier's outputs count, though it is right on as many as of images it was trained on. */
  z.object({ code: z.literal('outputs-suspicious'), right: z.int(), labelled: z.int() }),
  /** So few images are held out that batches should be of at most `largest`, or, if `rateMayBeOff`, that even these say little. */
  z.object({
    code: z.literal('few-reference'),
    reference: z.int(),
    largest: z.int(),
    rateMayBeOff: z.boolean(),
    /** How there would be more. */
    more: z.enum(['max-images', 'images']),
  }),
  /** Given and not used; `isAsked`: the user said how many to draw. */
  z.object({
    code: z.literal('not-used'),
    unused: z.int(),
    available: z.int(),
    isAsked: z.boolean(),
  }),
  /** As many are held out as can be. */
  z.object({ code: z.literal('most-held-out'), reference: z.int() }),
  /** Of a reference of its own as many were drawn as can be. */
  z.object({ code: z.literal('reference-drawn'), drawn: z.int(), available: z.int() }),
  /** Reference images that are among those to learn from, left out of the reference. */
  z.object({ code: z.literal('left-out'), images: z.int() }),
  /** Exact copies of held-out images; `areLearned`: too many to do without. */
  z.object({ code: z.literal('copies'), images: z.int(), areLearned: z.boolean() }),
  /** Could not be read. */
  z.object({
    code: z.literal('unreadable'),
    images: z.int(),
    of: z.int(),
    from: z.enum(['reference', 'learning']),
  }),
  /** Features that tolerated changes move in ways of their own, and that are no evidence. */
  z.object({ code: z.literal('untested-features'), names: z.array(z.string()), of: z.int() }),
  /** Vectors of the user's own model that are known of unchanged images only, where changes are tolerated. */
  z.object({
    code: z.literal('unchanged-vectors'),
    names: z.array(z.enum(['probabilities', 'logits', 'embeddings'])),
  }),
])

/** What a user should know of a fit: a code and its numbers; `wording` has the sentences. */
export type FitNote = ReadOnly<z.infer<typeof fitNoteSchema>>
