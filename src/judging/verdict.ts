import type { FeatureGroup, ImageRecord, SkippedImage } from '../measuring/values/index.ts'
import type { FitCounts } from './batch-limit.ts'
import type { Policy } from './policy.ts'
import type { DriftSize } from './drift-size.ts'
import type { Note } from './notes.ts'

/** `warning`: statistically sure but too small to matter, or a batch that could only partly be read. */
export type Severity = 'ok' | 'warning' | 'drift' | 'insufficient-data'

/** An estimate with a confidence interval at `level` (0.95). */
export type Estimate = {
  readonly value: number
  readonly low: number
  readonly high: number
  readonly level: number
}

/** The published comparison: mean reconstruction loss of the batch against the held-out baseline. */
export type LossComparison = {
  /** Mean loss of the held-out reference images. */
  readonly baseline: number
  /** Mean loss of the batch. */
  readonly mean: number
  /** (mean − baseline) / baseline; negative when the loss fell. */
  readonly relativeIncrease: Estimate
}

/** What the verdict was decided by. */
export type Threshold =
  | {
      readonly policy: 'relative'
      /** Largest tolerated relative increase of the mean loss. */
      readonly value: number
      /** How the value came about, in words. */
      readonly derivation: string
    }
  | {
      readonly policy: 'false-alarm-rate'
      /** Alarm when pValue ≤ value. */
      readonly value: number
      readonly derivation: string
      /** `exact`: this batch permuted with the reference; `fast`: cleared by batches drawn from the reference ahead. */
      readonly mode: 'exact' | 'fast'
      readonly draws: number
    }

/** One family of features, tested as a whole. */
export type GroupEvidence = {
  readonly group: FeatureGroup
  readonly pValue: number
  /** Name of the column that speaks loudest in it. */
  readonly strongest: string
}

type AnyEvidence = {
  readonly name: string
  readonly group: FeatureGroup
  readonly title: string
  /** At least this share of images changed, by this feature alone; at 95% true of all features at once. */
  readonly changedShare: number
  /** Of the window test for this feature alone: blocks count in it as in the whole. */
  readonly pValue: number
  /** Adjusted over all features (Westfall–Young). */
  readonly adjustedPValue: number
}

/** A feature that is a number, batch against reference. */
export type QuantityEvidence = AnyEvidence & {
  readonly kind: 'quantity'
  readonly referenceMean: number
  readonly batchMean: number
  /** Standardised mean difference, small-sample corrected; positive when the batch is higher. */
  readonly hedgesG: number
  /** Chance that a batch image exceeds a reference image; 0.5 = no difference. */
  readonly auc: number
  /** Largest gap between the two distribution functions, in [0, 1]. */
  readonly kolmogorovSmirnov: number
}

/** A class's share of the images. */
export type ClassShare = {
  /** As the model numbers its classes, from 0. */
  readonly index: number
  /** Its name; `class 3` where it has none. */
  readonly name: string
  readonly reference: number
  readonly batch: number
}

/** A feature that is a name (the predicted class), batch against reference: it has shares, but no mean. */
export type CategoryEvidence = AnyEvidence & {
  readonly kind: 'category'
  /** Of every class that either shows, largest difference first. */
  readonly shares: readonly ClassShare[]
  /** Half the sum of the shares' differences, in [0, 1]. */
  readonly totalVariation: number
}

/** One feature, batch against reference. */
export type FeatureEvidence = QuantityEvidence | CategoryEvidence

/** One image of the batch. */
export type ImageScore = {
  readonly record: ImageRecord
  /** Reconstruction loss (binary cross-entropy per value). */
  readonly loss: number
  /** Loss beyond the image's own entropy, ≥ 0. */
  readonly excessLoss: number
  /** How unusual the image is; higher = more unusual. */
  readonly score: number
  /** Share of reference images at least as unusual, in (0, 1]. */
  readonly pValue: number
}

/** Whether the mix of classes changed, the look of the images within a class, or both. */
export type ShiftKind = {
  /**
   * `mixed`: images of a class look different and the classes are predicted in other shares, be it that the mix changed
   * too or that the classifier judges such images differently. `unclear`: can't tell.
   */
  readonly kind: 'prior' | 'appearance' | 'mixed' | 'unclear'
  /** That the shares of predicted classes are as before; Holm-adjusted over the two. */
  readonly priorPValue: number
  /** That images of a class look as before, whatever the mix; null where that can't be told. */
  readonly appearancePValue: number | null
  /** Why it is unclear, in words. */
  readonly why?: string
}

/** Images worth looking at, by their number in the source, from 0, counting those that could not be read. */
export type Exemplars = {
  /** Most unusual first. */
  readonly mostUnusual: readonly number[]
  /** Nearest to what the batch as a whole became; empty when no feature changed. */
  readonly representative: readonly number[]
}

/** Images of a batch that the detector knows already. */
export type Recognised = {
  /** Images it learned from; left out of the judgement, unless so many are met by nature. */
  readonly learned: number
  /** Held-out images. */
  readonly reference: number
  /** Exact copies of other images of the batch; of a sampled batch, within the sample. */
  readonly copies: number
}

/** How many of a batch's images changed. */
export type ShareOfImages = {
  /** At least this share changed: a lower confidence bound at `level`, over all features at once. */
  readonly atLeast: number
  /** Best estimate of the share; below 5% a change is a warning. */
  readonly estimate: number
  /** Of the lower bound: 0.95. There is no upper one: a mild change of all can't be told from a plain one of some. */
  readonly level: number
}

/** Versions of the programs that numbers depend on. */
export type Versions = {
  readonly pixeldrift: string
  readonly onnxruntime: string
  readonly sharp: string
  /** Everything that pixels of picture files depend on; absent in older artifacts. */
  readonly decoding?: string | undefined
  readonly node: string
}

/** What judging says: plain data, the same of the same values. */
export type Judgement = {
  /** True exactly when severity is `drift`. */
  readonly drift: boolean
  readonly severity: Severity
  /** ≥ 1 exactly when the decision statistic passed its threshold; higher = more drift, without a ceiling. */
  readonly score: number
  /** How the score came about; says so where it goes on beyond what the draws can show. */
  readonly scoreDerivation: string
  /** How many images changed; null unless the decision passed its threshold. */
  readonly changedShare: ShareOfImages | null
  /** How bad it is; null unless the decision passed its threshold. */
  readonly size: DriftSize | null
  /** Null when there were too few images to test, or the policy is `relative`. */
  readonly pValue: number | null
  /** Null when no image could be checked. */
  readonly loss: LossComparison | null
  readonly threshold: Threshold
  /** Null without predicted classes that count, and when the window test saw nothing. */
  readonly shift: ShiftKind | null
  /** Cautions: too few images, a batch too large for this reference, … */
  readonly notes: readonly Note[]
  readonly groups: readonly GroupEvidence[]
  /** Sorted by adjusted p-value, then effect. */
  readonly features: readonly FeatureEvidence[]
  /** Readable images in the batch. */
  readonly count: number
  readonly tested: TestedImages
  /** In the order they were read; of more than 10,000 images a sample of that many, drawn by a hash of their ids. */
  readonly images: readonly ImageScore[]
  readonly exemplars: Exemplars
  readonly recognised: Recognised
  /** Images that could not be read; of more than 100 the first. */
  readonly skipped: readonly SkippedImage[]
  /** How many could not be read by the `code` of their error, named or not. */
  readonly skippedCounts: Readonly<Record<string, number>>
  readonly policy: Policy
  readonly ids: JudgedBy
}

/** Images that the test looked at. */
export type TestedImages = {
  readonly images: number
  /** Readable images that they stand for. */
  readonly of: number
  /** Left out, since they were learned from. */
  readonly setAside: number
}

/** What a judgement was made with; two of the same ids judge alike. */
export type JudgedBy = {
  readonly extractor: string
  readonly baseline: string
  readonly policy: string
}

/** What verdicts of older versions lack. */
type Newer = 'tested' | 'recognised' | 'skippedCounts' | 'policy' | 'ids'

/** What a check found: a judgement in words, and when and by what it was made; plain data, JSON-safe. */
export type Verdict = Omit<Judgement, Newer | 'notes'> & {
  readonly [name in Newer]?: Judgement[name]
} & {
  readonly schemaVersion: 1
  /** One sentence for a person. */
  readonly summary: string
  /** What changed, in words, strongest first; empty when nothing did. */
  readonly findings: readonly string[]
  /** Cautions, in words. */
  readonly notes: readonly string[]
  /** When the check was made (ISO 8601, UTC). */
  readonly checkedAt: string
  /** What the check ran with; the detector may have been fitted by others. */
  readonly versions: Versions
  readonly batch: {
    /** Where the images came from, as the user wrote it. */
    readonly location: string
  }
  readonly detector: {
    readonly id: string
    /** When it was fitted (ISO 8601, UTC), where the artifact says so. */
    readonly fittedAt?: string
    /** Where the reference images came from, as the user wrote it. */
    readonly location: string
    /** Of the reference images, by what became of them. */
    readonly counts: FitCounts
    readonly libraryVersion: string
    readonly seed: number
    readonly shape: readonly [channels: number, height: number, width: number]
    readonly referenceCount: number
  }
}
