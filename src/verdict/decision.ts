import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

/** Checks how serious a judgement is. */
export const severitySchema = z.enum(['ok', 'warning', 'drift', 'insufficient-data'])

/** `warning`: statistically sure but too small to matter, or a batch that could only partly be read. */
export type Severity = z.infer<typeof severitySchema>

const estimateSchema = z.object({
  value: z.number(),
  low: z.number(),
  high: z.number(),
  /** Chance that the interval holds the true value: 0.95. */
  level: z.number(),
})

/** An estimate with its confidence interval. */
export type Estimate = ReadOnly<z.infer<typeof estimateSchema>>

/** Checks a comparison of losses. */
export const lossComparisonSchema = z.object({
  /** Mean loss of the held-out reference images. */
  baseline: z.number(),
  /** Mean loss of the batch. */
  mean: z.number(),
  /** (mean − baseline) / baseline; negative when the loss fell. */
  relativeIncrease: estimateSchema,
})

/** The published comparison: mean reconstruction loss of the batch against the held-out baseline. */
export type LossComparison = ReadOnly<z.infer<typeof lossComparisonSchema>>

/** Checks a threshold. */
export const thresholdSchema = z.discriminatedUnion('policy', [
  z.object({
    policy: z.literal('relative'),
    /** Largest tolerated relative increase of the mean loss. */
    value: z.number(),
  }),
  z.object({
    policy: z.literal('false-alarm-rate'),
    /** Alarm when pValue ≤ value. */
    value: z.number(),
    /** `exact`: this batch permuted with the reference; `fast`: cleared by batches drawn from the reference ahead. */
    mode: z.enum(['exact', 'fast']),
    /** Random draws behind the p-value; 0 when there were too few images to test. */
    draws: z.int(),
  }),
])

/** What a judgement was decided by. */
export type Threshold = ReadOnly<z.infer<typeof thresholdSchema>>

/** Checks what a score is made of. */
export const scoreBasisSchema = z.enum(['p-value', 'extrapolated-p-value', 'loss-increase', 'none'])

/**
 * What a score is made of: ln p / ln rate, the same with a p that goes on by a normal tail where no draw reached the
 * batch, the rise of the mean loss over the largest one tolerated, or nothing, where nothing was tested.
 */
export type ScoreBasis = z.infer<typeof scoreBasisSchema>

/** Checks a share of images. */
export const changedShareSchema = z.object({
  /** At least this share changed: a lower confidence bound at `level`, over all features at once. */
  atLeast: z.number(),
  /** Best estimate of the share; below the policy's `smallestDrift` a change is a warning. */
  estimate: z.number(),
  /** Of the lower bound: 0.95. There is no upper one: a mild change of all can't be told from a plain one of some. */
  level: z.number(),
})

/** How many of a batch's images changed. */
export type ShareOfImages = ReadOnly<z.infer<typeof changedShareSchema>>

/** Checks how bad a change is. */
export const driftSizeSchema = z.object({
  /** Mean way that an image's learned features moved, in standard deviations of the reference. */
  value: z.number(),
  word: z.enum(['slight', 'moderate', 'large', 'very large']),
})

/** How bad a change is. */
export type DriftSize = ReadOnly<z.infer<typeof driftSizeSchema>>
