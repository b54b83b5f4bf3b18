import { z } from 'zod'
import { DriftError } from '../errors.ts'

/** How a verdict is decided: a stated false-alarm rate, or the published relative rise of the mean loss. */
export const policySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('false-alarm-rate'), rate: z.number().gt(0).lt(0.5) }),
  z.strictObject({ kind: z.literal('relative'), increase: z.number().gt(0) }),
])

export type Policy = z.infer<typeof policySchema>

const strength = z.number().min(0)

const toleranceSchema = z.strictObject({
  noise: strength.max(1).optional(),
  rotation: strength.max(180).optional(),
  translation: strength.max(0.5).optional(),
  brightness: strength.max(1).optional(),
  contrast: strength.max(1).optional(),
})

export type Tolerance = z.infer<typeof toleranceSchema>

export const featureFamilies = ['properties', 'reconstruction', 'components', 'outlier'] as const

export type FeatureFamily = (typeof featureFamilies)[number]

const fitSchema = z.strictObject({
  seed: z.int().default(0),
  /** `recipe` is the published 28×28 autoencoder. */
  preset: z.enum(['default', 'recipe']).default('default'),
  /** Passes over the training images; by default chosen from their number. */
  epochs: z.int().min(1).max(1000).optional(),
  /** Longest side of the working image, in pixels; larger images are reduced to it. */
  workingSide: z.int().min(4).max(224).default(64),
  resize: z.enum(['stretch', 'cover', 'contain']).default('stretch'),
  /** Images drawn at random from the reference; the rest is not read into memory. */
  maxImages: z.int().min(100).default(30_000),
  policy: policySchema.default({ kind: 'false-alarm-rate', rate: 0.01 }),
  /** Changes of these strengths are to be taken for normal. */
  tolerate: toleranceSchema.default({}),
  features: z.array(z.enum(featureFamilies)).min(1).default([...featureFamilies]),
  /** Stop at the first image that can't be read, instead of counting it. */
  strict: z.boolean().default(false),
  device: z.enum(['cpu', 'cuda', 'coreml', 'dml', 'webgpu']).default('cpu'),
  threads: z.int().min(1).optional(),
  /** File that lets a killed training resume. */
  checkpoint: z.string().optional(),
})

/** Every setting of a fit, defaults filled in. */
export type FitSettings = z.infer<typeof fitSchema>

/** Settings of a fit as a caller gives them. */
export type FitInput = z.input<typeof fitSchema>

const checkSchema = z.strictObject({
  /** Overrides the policy the detector was fitted with. */
  policy: policySchema.optional(),
  /** `auto`: exact unless the batch is large and the reference has a null distribution ready. */
  mode: z.enum(['auto', 'exact', 'fast']).default('auto'),
  strict: z.boolean().default(false),
  seed: z.int().default(0),
})

export type CheckSettings = z.infer<typeof checkSchema>
export type CheckInput = z.input<typeof checkSchema>

/** Fills in defaults; throws DriftError('config.invalid') naming the setting. */
export const parseFitOptions = (input: FitInput): FitSettings => parse(fitSchema, input)
export const parseCheckOptions = (input: CheckInput): CheckSettings => parse(checkSchema, input)

function parse<T extends z.ZodObject>(schema: T, input: z.input<T>): z.infer<T> {
  const result = schema.safeParse(input)
  if (result.success) return result.data
  const issue = result.error.issues[0]!
  const where = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    const got = issue.keys[0]!
    const known = Object.keys(schema.shape)
    throw new DriftError('config.invalid', `expected a known setting, got ${JSON.stringify(got)}`, {
      hint: `Did you mean ${nearest(got, known)}? Known are ${known.join(', ')}.`,
    })
  }
  throw new DriftError('config.invalid', `setting ${where}: ${issue.message}`)
}

function nearest(word: string, known: readonly string[]): string {
  return known.reduce((best, candidate) =>
    editDistance(word, candidate) < editDistance(word, best) ? candidate : best,
  )
}

/** Levenshtein distance, one row at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substitution, row[j]! + 1, next[j - 1]! + 1))
    }
    row = next
  }
  return row[b.length]!
}
