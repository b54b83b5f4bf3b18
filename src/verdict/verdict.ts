import { z } from 'zod'
import { judgementSchema } from './judgement.ts'
import { policySchema } from './policy.ts'
import { fitCountsSchema, versionsSchema } from './provenance.ts'
import type { ReadOnly } from './read-only.ts'
import { wordsSchema } from './words.ts'

/** Fields are only ever added within a version. */
export const VERDICT_VERSION = 2

/** What was judged, when and by what: checks a verdict that comes as JSON. The scores of single images are not part of it. */
export const verdictSchema = z.object({
  version: z.literal(VERDICT_VERSION),
  period: z.object({
    /** Time of the earliest image (ISO 8601, UTC); null where no image has one. */
    from: z.iso.datetime().nullable(),
    /** Time of the latest image. */
    to: z.iso.datetime().nullable(),
    /** When the images were judged. */
    judgedAt: z.iso.datetime(),
  }),
  source: z.object({
    /** Where the images came from, as the user wrote it. */
    location: z.string(),
    /** `folder`, `npy`, `tar`, …: each kind once. */
    kinds: z.array(z.string()),
  }),
  /** What it was judged with; where all three agree, the same images get the same judgement. */
  ids: z.object({ extractor: z.string(), baseline: z.string(), policy: z.string() }),
  policy: policySchema,
  judgement: judgementSchema,
  words: wordsSchema,
  detector: z.object({
    id: z.string(),
    libraryVersion: z.string(),
    /** When it was fitted (ISO 8601, UTC), where it says so. */
    fittedAt: z.iso.datetime().optional(),
    /** Where the images it was fitted on came from, as the user wrote it. */
    location: z.string(),
    counts: fitCountsSchema,
    seed: z.int(),
    /** Channels, height and width of an image as it is measured. */
    shape: z.tuple([z.int(), z.int(), z.int()]),
  }),
  /** What judged; the detector may have been fitted by others. */
  versions: versionsSchema,
})

/** What a check found: plain data, the same after `JSON.parse(JSON.stringify(…))`. */
export type Verdict = ReadOnly<z.infer<typeof verdictSchema>>

/** The schema of a verdict for programs in other languages (JSON Schema, draft 2020-12). */
export function verdictJsonSchema(): object {
  // As input: fields that a later release adds within the version are no error.
  return z.toJSONSchema(verdictSchema, { io: 'input' })
}
