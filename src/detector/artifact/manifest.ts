import { z } from 'zod'
import {
  featureGroupSchema,
  fileTraitsSchema,
  fitCountsSchema,
  type FitNote,
  fitNoteSchema,
  type ReadOnly,
  versionsSchema,
} from '../../verdict/index.ts'
import { policyInputSchema, toleranceSchema } from '../settings/options.ts'

/** What an artifact says about itself. */
export const detectorManifestSchema = z.object({
  id: z.string(),
  /** Of its parts; absent in artifacts of version 1. */
  ids: z.object({ extractor: z.string(), baseline: z.string(), policy: z.string() }).optional(),
  libraryVersion: z.string(),
  /** When it was fitted (ISO 8601, UTC) and by what; neither enters the id. Absent in older artifacts. */
  fittedAt: z.iso.datetime().optional(),
  versions: versionsSchema.optional(),
  seed: z.int(),
  shape: z.tuple([z.int(), z.int(), z.int()]),
  resize: z.enum(['stretch', 'cover', 'contain']),
  /** Bits of a channel that all images are rounded to; absent in older artifacts, whose images kept their own. */
  depth: z.union([z.literal(8), z.literal(16)]).optional(),
  policy: policyInputSchema,
  /** Groups of features that the window test looks at. */
  features: z.array(featureGroupSchema),
  /** What of the files themselves may change; absent where nothing may. */
  toleratedFiles: fileTraitsSchema.optional(),
  /** What the images came as; absent in older artifacts. */
  readFrom: z.enum(['files', 'arrays']).optional(),
  /** Why the outputs of the user's model count, or `none`: they don't. Absent where no model has a say. */
  outputsTrust: z.enum(['separate-reference', 'stated', 'none']).optional(),
  /** What correlated images share; batches need it too. */
  blockBy: z.string().optional(),
  /** Where the images came from, as the user wrote it. */
  location: z.string(),
  counts: fitCountsSchema,
  /** Where the held-out images came from, when not from there; `leftOut` were among the images to learn from. */
  referenceSource: z
    .object({ location: z.string(), available: z.int(), leftOut: z.int(), skipped: z.int() })
    .optional(),
  columns: z.array(z.object({ name: z.string(), group: featureGroupSchema, title: z.string() })),
  /** Names of the classifier's classes in the order of its outputs, where they are known. */
  classNames: z.array(z.string()).optional(),
  /** The labels that the held-out images came with, by the codes of the label file; absent where there were none. */
  labels: z.array(z.string()).optional(),
  /** Single changes taken for normal, and the rows of their feature tables: in artifacts of version 0.1 only. */
  tolerated: z.array(z.object({ title: z.string(), rows: z.int() })).default([]),
  /** Changes taken for normal: their limits, changed copies of reference images, columns that mixtures are not fitted to and those that are no evidence. */
  tolerance: z
    .object({
      limits: toleranceSchema,
      copies: z.int().min(1),
      dimensions: z.int().min(1),
      probes: z.int().min(1),
      unfitted: z.array(z.string()),
      untested: z.array(z.string()),
    })
    .optional(),
  /** Batch sizes whose nulls were drawn ahead, draws of each, and those of single columns (none in older artifacts). */
  prepared: z
    .object({
      sizes: z.array(z.int().min(1)),
      draws: z.int().min(1),
      columnDraws: z.int().min(1).optional(),
      /** Which statistics the draws are of; absent in older artifacts. */
      revision: z.int().optional(),
    })
    .optional(),
  /** Number of typical reference images kept for reports. */
  thumbnails: z.int(),
  /** Sentences in older artifacts. */
  notes: z.array(z.preprocess(noteOfText, fitNoteSchema)),
})

function noteOfText(note: unknown): unknown {
  return typeof note === 'string' ? ({ code: 'text', text: note } satisfies FitNote) : note
}

/** The manifest as a type; fields as in the schema. */
export type DetectorManifest = ReadOnly<z.infer<typeof detectorManifestSchema>>
