import { z } from 'zod'

/** Checks each threshold of a policy. */
export const thresholdFields = {
  fewestImages: z.int().min(2),
  largestWindow: z.int().min(2).max(10_000),
  smallestDrift: z.number().min(0).max(1),
  manyUnreadable: z.number().min(0).max(1),
  evidenceLevel: z.number().gt(0).lt(0.5),
}

/** Checks the rate of a rule. */
export const rateSchema = z.number().gt(0).lt(0.5)

/** Checks the relative increase of a rule. */
export const increaseSchema = z.number().gt(0)

/** Checks a policy that is complete. */
export const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('false-alarm-rate'), rate: rateSchema, ...thresholdFields }),
  z.object({ kind: z.literal('relative'), increase: increaseSchema, ...thresholdFields }),
])
