import { z } from 'zod'
import type { ScoredImage } from '../watching/index.ts'

/** What an image has come to. */
export const outcomeSchema = z.object({
  /** `skipped`: it could not be read. `waiting`: it is stored, and not measured yet. */
  outcome: z.enum(['measured', 'skipped', 'waiting', 'forgotten']),
  /** Where it is measured: how unusual it is by itself. */
  score: z
    .object({
      /** Higher = more unusual. */
      score: z.number(),
      /** Share of reference images that are at least as unusual. */
      pValue: z.number(),
      /** Of images like the reference one in a hundred is. */
      isUnusual: z.boolean(),
      /** Reconstruction loss, and what of it is beyond the image's own entropy. */
      loss: z.number(),
      excessLoss: z.number(),
    })
    .optional(),
  /** Where it is skipped: why. */
  code: z.string().optional(),
  message: z.string().optional(),
})

/** The same of an image of the store; undefined: nothing is known of it but that it is stored. */
export function outcomeOf(image: ScoredImage | undefined): z.infer<typeof outcomeSchema> {
  if (image === undefined || image.state === 'pending') return { outcome: 'waiting' }
  if (image.score !== null) return { outcome: 'measured', score: image.score }
  if (image.skipped !== null) return { outcome: 'skipped', ...image.skipped }
  return { outcome: 'forgotten' }
}
