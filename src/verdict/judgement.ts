import { z } from 'zod'
import {
  changedShareSchema,
  driftSizeSchema,
  lossComparisonSchema,
  scoreBasisSchema,
  severitySchema,
  thresholdSchema,
} from './decision.ts'
import { featureEvidenceSchema, groupEvidenceSchema, placeEvidenceSchema } from './evidence.ts'
import {
  exemplarsSchema,
  foreignSchema,
  recognisedSchema,
  repeatsSchema,
  skippedImageSchema,
  testedSchema,
} from './images.ts'
import { noteSchema } from './notes.ts'
import type { ReadOnly } from './read-only.ts'
import { shiftSchema } from './shift.ts'

/** Checks the numbers of a verdict. */
export const judgementSchema = z.object({
  /** True exactly when severity is `drift`. */
  drift: z.boolean(),
  severity: severitySchema,
  /** ≥ 1 exactly when the decision passed its threshold; higher = more drift, without a ceiling. */
  score: z.number(),
  scoreBasis: scoreBasisSchema,
  /** Null when there were too few images to test, or the policy is `relative`. */
  pValue: z.number().nullable(),
  threshold: thresholdSchema,
  /** How many images changed; null unless the decision passed its threshold, and where only places of the frame changed. */
  changedShare: changedShareSchema.nullable(),
  /** How bad it is; null unless the decision passed its threshold. */
  size: driftSizeSchema.nullable(),
  /** Null when too few images were there to judge. */
  loss: lossComparisonSchema.nullable(),
  /** Null without predicted classes that count, and when the window test saw nothing. */
  shift: shiftSchema.nullable(),
  groups: z.array(groupEvidenceSchema),
  /** Sorted by adjusted p-value, then effect. */
  features: z.array(featureEvidenceSchema),
  /** Maps of the frame, the surest first; absent where none were compared. */
  places: z.array(placeEvidenceSchema).optional(),
  /** Cautions: too few images, a batch too large for this reference, … */
  notes: z.array(noteSchema),
  /** Readable images in the batch. */
  count: z.int(),
  tested: testedSchema,
  exemplars: exemplarsSchema,
  recognised: recognisedSchema,
  /** Absent where no single image stands out. */
  foreign: foreignSchema.optional(),
  /** Absent where no more images repeat others than by nature, and in judgements of before that was looked for. */
  repeats: repeatsSchema.optional(),
  /** Images that could not be read; of more than 100 the first. */
  skipped: z.array(skippedImageSchema),
  /** How many could not be read by the `code` of their error, named or not. */
  skippedCounts: z.record(z.string(), z.int()),
})

/** What judging says: plain data, the same of the same values. */
export type Judgement = ReadOnly<z.infer<typeof judgementSchema>>
