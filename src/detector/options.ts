import { z } from 'zod'
import { type NameSetting, parseSettings } from './parse-settings.ts'

/** Fewer images than this are not tested. */
export const FEWEST_IN_BATCH = 5

/** How a verdict is decided: a stated false-alarm rate, or the published relative rise of the mean loss. */
export const policySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('false-alarm-rate'), rate: z.number().gt(0).lt(0.5) }),
  z.strictObject({ kind: z.literal('relative'), increase: z.number().gt(0) }),
])

/** A decision rule and its setting. */
export type Policy = z.infer<typeof policySchema>

const strength = z.number().min(0)

/**
 * Largest strength of each change that is to be taken for normal. Every image may be changed by any strength up to
 * these, either way, by all kinds at once, in any mix over a batch, and by any usual tool.
 */
export const toleranceSchema = z.strictObject({
  /** Standard deviation of added normal noise, of each value apart, where black is 0 and white 1: from 0 to 1. */
  noise: strength.max(1).optional(),
  /** Degrees either way, from 0 to 180. */
  rotation: strength.max(180).optional(),
  /** Shares of the height and of the width, either way along both: from 0 to 0.5. */
  translation: strength.max(0.5).optional(),
  /** Added to every value (0.1 of the range from black to white), or a relative change of it (×0.9 to ×1.1): from 0 to 1. */
  brightness: strength.max(1).optional(),
  /** Relative change of the distance from mid-grey or from the image's mean (0.2: ×0.8 to ×1.2): from 0 to 1. */
  contrast: strength.max(1).optional(),
})

/** Largest strength of each change that is normal: degrees for rotation, shares of 1 otherwise. */
export type Tolerance = z.infer<typeof toleranceSchema>

/** Names of the feature groups. */
export const featureGroupSchema = z.enum([
  'property',
  'reconstruction',
  'code',
  'component',
  'outlier',
  'classifier',
  'prediction',
])

const fitSchema = z.strictObject({
  seed: z.int().default(0),
  /** `recipe` is the published 28×28 autoencoder. */
  preset: z.enum(['default', 'recipe']).default('default'),
  /** Passes over the training images; by default chosen from their number. */
  epochs: z.int().min(1).max(1000).optional(),
  /** Longest side of the working image, in pixels; larger images are reduced to it. */
  workingSide: z.int().min(4).max(224).default(64),
  resize: z.enum(['stretch', 'cover', 'contain']).default('stretch'),
  /** Images drawn at random from the source; the rest is not read into memory. A reference of its own: 10,000. */
  maxImages: z.int().min(100).optional(),
  /** The user's classifier was trained on none of these images: its outputs may count. */
  unseen: z.boolean().default(false),
  policy: policySchema.default({ kind: 'false-alarm-rate', rate: 0.01 }),
  /** Changes of these strengths are to be taken for normal. */
  tolerate: toleranceSchema.default({}),
  /** Groups of features that the window test looks at; default all there are. */
  features: z.array(featureGroupSchema).min(1).optional(),
  /** Names of the classifier's classes in the order of its outputs; by default those of its file, or of the labels that go with them. */
  classNames: z.array(z.string()).min(2).optional(),
  /** Images that share this depend on each other: a manifest attribute, `folder`, `label` or `timestamp`. */
  blockBy: z.string().min(1).optional(),
  /** Batch sizes whose null distribution is drawn now: a quiet batch of so many images is then cleared in a millisecond. */
  batchSizes: z.array(z.int().min(FEWEST_IN_BATCH)).max(20).default([]),
  /** Stop at the first image that can't be read, instead of counting it. */
  strict: z.boolean().default(false),
  device: z.enum(['cpu', 'cuda', 'coreml', 'dml', 'webgpu']).default('cpu'),
  threads: z.int().min(1).optional(),
  /** File that lets a killed training resume; remove it when the detector is saved. */
  checkpoint: z.string().optional(),
})

/** Every setting of a fit, defaults filled in. */
export type FitSettings = z.infer<typeof fitSchema>

/** Settings of a fit as a caller gives them. */
export type FitInput = z.input<typeof fitSchema>

const checkSchema = z.strictObject({
  /** Overrides the policy the detector was fitted with. */
  policy: policySchema.optional(),
  /** `auto`: cleared by the drawn null where there is one for this size, else tested exactly; an alarm is always exact. */
  mode: z.enum(['auto', 'exact', 'fast']).default('auto'),
  strict: z.boolean().default(false),
  seed: z.int().default(0),
})

/** Every setting of a check, defaults filled in. */
export type CheckSettings = z.infer<typeof checkSchema>

/** Settings of a check as a caller gives them. */
export type CheckInput = z.input<typeof checkSchema>

/** Fills in a fit's defaults; throws DriftError('config.invalid') naming the setting as `nameOf` does. */
export function parseFitOptions(input: FitInput, nameOf?: NameSetting): FitSettings {
  return parseSettings(fitSchema, input, nameOf)
}

/** Fills in a check's defaults; throws DriftError('config.invalid') naming the setting as `nameOf` does. */
export function parseCheckOptions(input: CheckInput, nameOf?: NameSetting): CheckSettings {
  return parseSettings(checkSchema, input, nameOf)
}
