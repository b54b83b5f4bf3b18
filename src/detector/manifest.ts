import { z } from 'zod'
import { policySchema } from './options.ts'

const group = z.enum(['property', 'reconstruction', 'code', 'component', 'outlier', 'classifier', 'prediction'])

/** What an artifact says about itself. */
export const detectorManifestSchema = z.object({
  id: z.string(),
  libraryVersion: z.string(),
  seed: z.int(),
  shape: z.tuple([z.int(), z.int(), z.int()]),
  resize: z.enum(['stretch', 'cover', 'contain']),
  policy: policySchema,
  /** Where the reference images came from, as the user wrote it. */
  location: z.string(),
  counts: z.object({
    available: z.int(),
    training: z.int(),
    validation: z.int(),
    reference: z.int(),
    skipped: z.int(),
  }),
  columns: z.array(z.object({ name: z.string(), group, title: z.string() })),
  /** Number of typical reference images kept for reports. */
  thumbnails: z.int(),
  notes: z.array(z.string()),
})

export type DetectorManifest = z.infer<typeof detectorManifestSchema>
