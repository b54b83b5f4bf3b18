import { z } from 'zod'
import { GROUP_NAMES } from '../feature-groups.ts'
import type { ReadOnly } from './read-only.ts'

/** Names of the feature groups. */
export const featureGroupSchema = z.enum(GROUP_NAMES)

/** Checks what is known of a feature group. */
export const groupEvidenceSchema = z.object({
  group: featureGroupSchema,
  /** Of the group as a whole, adjusted over all groups. */
  pValue: z.number(),
  /** Name of the column (of places: of the map) that differs most. */
  strongest: z.string(),
})

/** One family of features, tested as a whole. */
export type GroupEvidence = ReadOnly<z.infer<typeof groupEvidenceSchema>>

/** Checks what is known of one map of the frame. */
export const placeEvidenceSchema = z.object({
  name: z.string(),
  /** What it shows at a place, in words a user reads. */
  title: z.string(),
  /** Cells from top to bottom, and from left to right. */
  rows: z.int(),
  columns: z.int(),
  /** Mean of its three largest differences, in standard deviations of the mean. */
  statistic: z.number(),
  /** Of the window test for this map alone. */
  pValue: z.number(),
  /** Adjusted over everything that was tested. */
  adjustedPValue: z.number(),
  /** Of each cell, row by row: by how many standard deviations the batch's mean is higher; null where the map has nothing to show. */
  differences: z.array(z.number()).nullable(),
})

/** A map of the frame, batch against reference: what is always at the same place. */
export type PlaceEvidence = ReadOnly<z.infer<typeof placeEvidenceSchema>>

const testedFeature = {
  name: z.string(),
  group: featureGroupSchema,
  /** What it measures, in words a user reads. */
  title: z.string(),
  /** At least this share of images changed, by this feature alone; at 95% true of all features at once. */
  changedShare: z.number(),
  /** Of the window test for this feature alone: blocks count in it as in the whole. */
  pValue: z.number(),
  /** Adjusted over all features (Westfall–Young). */
  adjustedPValue: z.number(),
}

const typicalSchema = z.object({
  /** The commonest where at least half of the images have it, else the median. */
  value: z.number(),
  /** Share of them that have just this one. */
  share: z.number(),
})

/** What most images have. */
export type Typical = ReadOnly<z.infer<typeof typicalSchema>>

const quantityEvidenceSchema = z.object({
  ...testedFeature,
  kind: z.literal('quantity'),
  referenceMean: z.number(),
  batchMean: z.number(),
  /** Standardised mean difference, small-sample corrected; positive when the batch is higher. */
  hedgesG: z.number(),
  /** Chance that a batch image exceeds a reference image; 0.5 = no difference. */
  auc: z.number(),
  /** Largest gap between the two distribution functions, in [0, 1]. */
  kolmogorovSmirnov: z.number(),
  /** Of properties of files: what most images have, where they have it. */
  typical: z.object({ reference: typicalSchema, batch: typicalSchema }).optional(),
})

/** A feature that is a number, batch against reference. */
export type QuantityEvidence = ReadOnly<z.infer<typeof quantityEvidenceSchema>>

const classShareSchema = z.object({
  /** As the model numbers its classes, from 0. */
  index: z.int(),
  /** Null where it has none. */
  name: z.string().nullable(),
  reference: z.number(),
  batch: z.number(),
})

/** A class's share of the images. */
export type ClassShare = ReadOnly<z.infer<typeof classShareSchema>>

const categoryEvidenceSchema = z.object({
  ...testedFeature,
  kind: z.literal('category'),
  /** Of every class that either shows, largest difference first. */
  shares: z.array(classShareSchema),
  /** Half the sum of the shares' differences, in [0, 1]. */
  totalVariation: z.number(),
})

/** A feature that is a name (the predicted class), batch against reference: it has shares, but no mean. */
export type CategoryEvidence = ReadOnly<z.infer<typeof categoryEvidenceSchema>>

/** Checks what is known of a feature. */
export const featureEvidenceSchema = z.discriminatedUnion('kind', [
  quantityEvidenceSchema,
  categoryEvidenceSchema,
])

/** One feature, batch against reference. */
export type FeatureEvidence = QuantityEvidence | CategoryEvidence
