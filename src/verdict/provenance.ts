import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

/** Checks stored versions. */
export const versionsSchema = z.object({
  pixeldrift: z.string(),
  onnxruntime: z.string(),
  sharp: z.string(),
  /** Everything that pixels of picture files depend on; absent in older artifacts. */
  decoding: z.string().optional(),
  node: z.string(),
})

/** Versions of the programs that numbers depend on. */
export type Versions = ReadOnly<z.infer<typeof versionsSchema>>

/** Checks how many images a fit had. */
export const fitCountsSchema = z.object({
  /** Readable images there, used or not. */
  available: z.int(),
  training: z.int(),
  validation: z.int(),
  reference: z.int(),
  skipped: z.int(),
  /** Exact copies of held-out images, kept out of the learning. */
  copies: z.int().optional(),
})

/** How many images a fit had, by what became of them. */
export type FitCounts = ReadOnly<z.infer<typeof fitCountsSchema>>
