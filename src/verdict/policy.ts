import { z } from 'zod'
import { FILE_TRAITS } from '../file-properties.ts'

/** Checks each threshold of a policy. */
export const thresholdFields = {
  fewestImages: z.int().min(2),
  largestWindow: z.int().min(2).max(10_000),
  smallestDrift: z.number().min(0).max(1),
  manyUnreadable: z.number().min(0).max(1),
  manyRepeats: z.number().min(0).max(1),
  evidenceLevel: z.number().gt(0).lt(0.5),
}

/** Checks names of what of the files themselves may change. */
export const fileTraitsSchema = z.array(z.enum(FILE_TRAITS))

const fields = {
  ...thresholdFields,
  /** Absent in verdicts of before it was looked for. */
  manyRepeats: thresholdFields.manyRepeats.optional(),
  tolerateFiles: fileTraitsSchema.optional(),
}

/** Checks the rate of a rule. */
export const rateSchema = z.number().gt(0).lt(0.5)

/** Checks the relative increase of a rule. */
export const increaseSchema = z.number().gt(0)

/** Checks a policy that is complete. */
export const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('false-alarm-rate'), rate: rateSchema, ...fields }),
  z.object({ kind: z.literal('relative'), increase: increaseSchema, ...fields }),
])
