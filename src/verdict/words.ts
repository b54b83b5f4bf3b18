import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

const answerSchema = z.object({ lead: z.string(), more: z.array(z.string()) })

/** An answer in one short sentence, and what stands behind it. */
export type Answer = ReadOnly<z.infer<typeof answerSchema>>

/** Checks the words of a verdict. */
export const wordsSchema = z.object({
  /** One to three words for a badge. */
  label: z.string(),
  headline: z.string(),
  /** The verdict in one sentence. */
  summary: z.string(),
  /** What changed, most telling first; empty when nothing did. */
  findings: z.array(z.string()),
  whatChanged: answerSchema,
  howSure: answerSchema,
  howBad: answerSchema,
  next: answerSchema,
  /** Cautions. */
  notes: z.array(z.string()),
  /** How the threshold came about. */
  threshold: z.string(),
  /** What the score is made of. */
  score: z.string(),
})

/** All words of a verdict: the four questions a person asks of it, answered, and what stands behind. */
export type Words = ReadOnly<z.infer<typeof wordsSchema>>
