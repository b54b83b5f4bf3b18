import { z } from 'zod'
import { skippedImageSchema } from './images.ts'
import { judgementSchema } from './judgement.ts'
import { policySchema } from './policy.ts'
import { versionsSchema } from './provenance.ts'
import type { ReadOnly } from './read-only.ts'
import { streamEventSchema } from './stream-event.ts'

/** Fields are only ever added within a version. */
export const REHEARSAL_VERSION = 1

const trialSchema = z.object({
  strength: z.number(),
  runs: z.int(),
  found: z.int(),
  /** Of a stream: the median number of images from the change to the alarm, a missed one counting as more; null where most were missed. */
  images: z.number().nullable(),
})

/** How often a change of one strength was found. */
export type RehearsalTrial = ReadOnly<z.infer<typeof trialSchema>>

const smallestSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('found'),
    /** What is found in nine of ten runs, with its 95% interval. */
    strength: z.number(),
    from: z.number(),
    to: z.number(),
  }),
  /** The weakest that was tried is found in nine of ten runs. */
  z.object({ kind: z.literal('always'), strength: z.number() }),
  /** Not even the strongest is. */
  z.object({ kind: z.literal('never'), strength: z.number(), share: z.number() }),
])

/** The smallest strength that is found in nine of ten runs. */
export type SmallestFound = ReadOnly<z.infer<typeof smallestSchema>>

const watchedSchema = z.object({
  smallest: smallestSchema,
  /** Images from a change of that strength to the alarm: the median. Of batches their size. */
  images: z.number().nullable(),
  /** Strongest first. */
  trials: z.array(trialSchema),
})

/** What a way of watching finds. */
export type RehearsalWatch = ReadOnly<z.infer<typeof watchedSchema>>

/** Checks what is found of one kind of change. */
export const rehearsedChangeSchema = z.object({
  name: z.string(),
  /** `{}` where the strength stands. */
  title: z.string(),
  /** `falling`: the title has 100 less the strength. */
  scale: z.enum(['rising', 'falling']),
  shares: z.array(
    z.object({
      /** Of the images that changed. */
      share: z.number(),
      stream: watchedSchema,
      batches: watchedSchema,
    }),
  ),
})

/** What is found of one kind of change. */
export type RehearsedChange = ReadOnly<z.infer<typeof rehearsedChangeSchema>>

const historySchema = z.object({
  /** Readable images. */
  images: z.int(),
  /** Unreadable ones; of more than 100 the first. */
  skipped: z.array(skippedImageSchema),
  stream: z.object({
    events: z.array(streamEventSchema),
    status: z.enum(['watching', 'drift', 'dependent']),
  }),
  batches: z.object({
    size: z.int(),
    count: z.int(),
    drift: z.int(),
    warning: z.int(),
    /** The first that were not quiet. */
    named: z.array(
      z.object({
        /** Its number, from 1, and the ids of its first and last image. */
        number: z.int(),
        from: z.string(),
        to: z.string(),
        judgement: judgementSchema,
      }),
    ),
  }),
})

/** What would have been told of a user's own images. */
export type RehearsedHistory = ReadOnly<z.infer<typeof historySchema>>

/** Checks a rehearsal that comes as JSON. */
export const rehearsalSchema = z.object({
  version: z.literal(REHEARSAL_VERSION),
  /** When it was made (ISO 8601, UTC). */
  rehearsedAt: z.iso.datetime(),
  source: z.object({ location: z.string(), kind: z.string() }),
  detector: z.object({ id: z.string(), location: z.string() }),
  policy: policySchema,
  settings: z.object({
    batchSize: z.int(),
    falseAlarmEvery: z.number(),
    /** A stream that has not alarmed so many images after a change has missed it. */
    within: z.int(),
    /** Of the images that are changed. */
    shares: z.array(z.number()),
    /** Runs at each strength; twice as many where it decides. */
    runs: z.int(),
    /** Images that changes were made of. */
    images: z.int(),
    seed: z.int(),
  }),
  history: historySchema,
  /** Alarms (of batches warnings too) of runs in which nothing was changed; null where images depend on each other. */
  unchanged: z.object({ stream: trialSchema, batches: trialSchema }).nullable(),
  /**
   * Why no change was injected: `different-history`, too many alarms with nothing changed; `blocks`, images that depend on
   * each other can't be drawn one by one.
   */
  withheld: z.enum(['different-history', 'blocks']).nullable(),
  changes: z.array(rehearsedChangeSchema),
  /** What rehearsed. */
  versions: versionsSchema,
})

/** What a detector would have told of past images, and what it would find in them: plain data. */
export type Rehearsal = ReadOnly<z.infer<typeof rehearsalSchema>>
