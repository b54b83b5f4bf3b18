import type { FeatureEvidence, QuantityEvidence, Repeats } from '../../src/verdict/index.ts'
import type { JudgedBatch } from '../../src/wording/index.ts'

/** Means of a feature in reference and batch, and the gap between its distributions (0.8 where it is left out). */
export type Values = readonly [from: number, to: number, gap?: number]

/** A feature of `name` that went from one mean to another, in as large a part of the images as its gap says. */
export function changed(
  name: string,
  [referenceMean, batchMean, gap = 0.8]: Values,
  change: Partial<QuantityEvidence> = {},
): QuantityEvidence {
  const way = Math.sign(batchMean - referenceMean)
  return {
    kind: 'quantity',
    name,
    group: 'property',
    title: `title of ${name}`,
    referenceMean,
    batchMean,
    hedgesG: way * 3 * gap,
    auc: 0.5 + (way * gap) / 2,
    kolmogorovSmirnov: gap,
    changedShare: 0.456,
    pValue: 0.001,
    adjustedPValue: 0.001,
    ...change,
  }
}

/** A judgement that alarms at 20 images, with these features. */
export function judged(
  features: readonly FeatureEvidence[],
  change: Partial<JudgedBatch> = {},
): JudgedBatch {
  return {
    score: 1.5,
    severity: 'drift',
    loss: null,
    threshold: {
      policy: 'false-alarm-rate',
      value: 0.01,
      mode: 'exact',
      draws: 999,
    },
    shift: null,
    changedShare: { atLeast: 0.031, estimate: 0.038, level: 0.95 },
    features,
    ...batchOf(20),
    ...change,
  }
}

/** Images of a batch, all of them tested. */
export function batchOf(
  of: number,
  { images = of, setAside = 0, unread = 0 } = {},
): Pick<JudgedBatch, 'tested' | 'skippedCounts'> {
  const skippedCounts: Record<string, number> = unread > 0 ? { 'image.undecodable': unread } : {}
  return { tested: { images, of, setAside, fewest: 5, reference: 3000 }, skippedCounts }
}

/** What decided under the published rule. */
export const RELATIVE: JudgedBatch['threshold'] = {
  policy: 'relative',
  value: 0.1,
}

/** Many images that repeat others. */
export function repeating(kind: Repeats['kind'], change: Partial<Repeats> = {}): Repeats {
  return {
    kind,
    isNear: false,
    images: 60,
    of: 100,
    different: 41,
    again: 59,
    leftOut: 59,
    areMany: true,
    shown: [],
    ...change,
  }
}
