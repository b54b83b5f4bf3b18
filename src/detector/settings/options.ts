import { z } from 'zod'
import { GRADED_CHANGES } from '../../images/index.ts'
import { type NameSetting, parseSettings } from './parse-settings.ts'
import { type Policy, type PolicyInput, THRESHOLDS, type Thresholds } from '../../judging/index.ts'
import {
  featureGroupSchema,
  fileTraitsSchema,
  increaseSchema,
  rateSchema,
  type ReadOnly,
  thresholdFields,
} from '../../verdict/index.ts'
import type { CheckInput, FitInput, RehearseInput, Tolerance } from './settings.ts'

/** Schemas of each field, for types that are declared: no field may be missing, and none may take more than is declared. */
type Fields<Declared> = {
  readonly [name in keyof Required<Declared>]: z.ZodType<unknown, Declared[name]>
}

/** What a schema takes, with lists that may be frozen: what is declared has to fit it. */
type Input<Schema extends z.ZodType> = ReadOnly<z.input<Schema>>

const { fewestImages, largestWindow, smallestDrift, manyUnreadable, manyRepeats, evidenceLevel } =
  thresholdFields

const thresholds = {
  fewestImages: fewestImages.default(THRESHOLDS.fewestImages),
  largestWindow: largestWindow.default(THRESHOLDS.largestWindow),
  smallestDrift: smallestDrift.default(THRESHOLDS.smallestDrift),
  manyUnreadable: manyUnreadable.default(THRESHOLDS.manyUnreadable),
  manyRepeats: manyRepeats.default(THRESHOLDS.manyRepeats),
  evidenceLevel: evidenceLevel.default(THRESHOLDS.evidenceLevel),
} satisfies { readonly [name in keyof Thresholds]: z.ZodType<number, number | undefined> }

const exemptions = { tolerateFiles: fileTraitsSchema.optional() }

/** How a verdict is decided: a stated false-alarm rate, or the published relative rise of the mean loss. */
export const policyInputSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('false-alarm-rate'),
    rate: rateSchema,
    ...thresholds,
    ...exemptions,
  }),
  z.strictObject({
    kind: z.literal('relative'),
    increase: increaseSchema,
    ...thresholds,
    ...exemptions,
  }),
]) satisfies z.ZodType<Policy, PolicyInput>

const strength = z.number().min(0)

/** Strengths of the changes that are normal. */
export const toleranceSchema = z.strictObject({
  noise: strength.max(1).optional(),
  rotation: strength.max(180).optional(),
  translation: strength.max(0.5).optional(),
  brightness: strength.max(1).optional(),
  contrast: strength.max(1).optional(),
} satisfies Fields<Tolerance>)

const fitSchema = z.strictObject({
  seed: z.int().default(0),
  preset: z.enum(['default', 'recipe']).default('default'),
  epochs: z.int().min(1).max(1000).optional(),
  workingSide: z.int().min(4).max(224).default(64),
  resize: z.enum(['stretch', 'cover', 'contain']).default('stretch'),
  maxImages: z.int().min(100).optional(),
  unseenByClassifier: z.boolean().default(false),
  policy: policyInputSchema.prefault({ kind: 'false-alarm-rate', rate: 0.01 }),
  tolerate: toleranceSchema.default({}),
  tolerateFiles: fileTraitsSchema.default([]),
  features: z.array(featureGroupSchema).min(1).optional(),
  classNames: z.array(z.string()).min(2).optional(),
  blockBy: z.string().min(1).optional(),
  batchSizes: z.array(z.int().min(THRESHOLDS.fewestImages)).max(20).default([]),
  strict: z.boolean().default(false),
  device: z.enum(['cpu', 'cuda', 'coreml', 'dml', 'webgpu']).default('cpu'),
  threads: z.int().min(1).optional(),
  checkpoint: z.string().optional(),
} satisfies Fields<FitInput>)

/** Every setting of a fit, defaults filled in. */
export type FitSettings = z.infer<typeof fitSchema>

const checkSchema = z.strictObject({
  policy: policyInputSchema.optional(),
  mode: z.enum(['auto', 'exact', 'fast']).default('auto'),
  strict: z.boolean().default(false),
  seed: z.int().default(0),
  tolerateFiles: fileTraitsSchema.default([]),
} satisfies Fields<CheckInput>)

/** Every setting of a check, defaults filled in. */
export type CheckSettings = z.infer<typeof checkSchema>

const rehearseSchema = z.strictObject({
  batchSize: z.int().min(THRESHOLDS.fewestImages).default(100),
  falseAlarmEvery: z.number().min(100).default(100_000),
  within: z.int().min(10).max(100_000).default(1000),
  shares: z.array(z.number().gt(0).max(1)).min(1).default([1, 0.5, 0.1]),
  changes: z
    .array(z.enum(GRADED_CHANGES.map(({ name }) => name)))
    .min(1)
    .optional(),
  images: z.int().min(50).default(1000),
  runs: z.int().min(10).default(20),
  seed: z.int().default(0),
} satisfies Fields<RehearseInput>)

/** Every setting of a rehearsal, defaults filled in. */
export type RehearseSettings = z.infer<typeof rehearseSchema>

/** Fills in a rehearsal's defaults; throws DriftError('config.invalid') naming the setting as `nameOf` does. */
export function parseRehearseOptions(input: RehearseInput, nameOf?: NameSetting): RehearseSettings {
  const given: Input<typeof rehearseSchema> = input
  return parseSettings(rehearseSchema, given, nameOf)
}

/** Fills in a fit's defaults; throws DriftError('config.invalid') naming the setting as `nameOf` does. */
export function parseFitOptions(input: FitInput, nameOf?: NameSetting): FitSettings {
  const given: Input<typeof fitSchema> = input
  return parseSettings(fitSchema, given, nameOf)
}

/** Fills in a check's defaults; throws DriftError('config.invalid') naming the setting as `nameOf` does. */
export function parseCheckOptions(input: CheckInput, nameOf?: NameSetting): CheckSettings {
  const given: Input<typeof checkSchema> = input
  return parseSettings(checkSchema, given, nameOf)
}
