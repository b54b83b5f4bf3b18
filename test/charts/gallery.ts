import {
  type ChartOptions,
  drawDecisionScale,
  drawDetectionCurves,
  drawEvidenceTimeline,
  drawFeatureEffects,
  drawGroupEvidence,
  drawLossDistribution,
  drawTrainingCurve,
  type EffectRow,
  type LossDistribution,
} from '../../src/charts/index.ts'
import { createRandom } from '../../src/tensor/index.ts'

/** Inside a card on a desk. */
export const wide: ChartOptions = { id: 'chart', width: 960 }
/** On a phone. */
export const narrow: ChartOptions = { id: 'chart', width: 328 }

/** What is drawn, by name: each chart with the data that try it hardest. */
export const GALLERY: Readonly<Record<string, (options: ChartOptions) => string>> = {
  'decision-alarm': (options) =>
    drawDecisionScale({ tone: 'drift', by: 'p-value', pValue: 0.0001, limit: 0.01 }, options),
  'decision-quiet': (options) =>
    drawDecisionScale({ tone: 'ok', by: 'p-value', pValue: 0.43, limit: 0.01 }, options),
  'decision-at-the-limit': (options) =>
    drawDecisionScale({ tone: 'warning', by: 'p-value', pValue: 0.0099, limit: 0.01 }, options),
  'decision-tiny': (options) =>
    drawDecisionScale({ tone: 'drift', by: 'p-value', pValue: 1e-11, limit: 1e-6 }, options),
  'decision-increase': (options) =>
    drawDecisionScale(
      { tone: 'drift', by: 'increase', change: interval(0.442, 0.41, 0.473), limit: 0.1 },
      options,
    ),
  'decision-fall': (options) =>
    drawDecisionScale(
      { tone: 'ok', by: 'increase', change: interval(-0.47, -0.5, -0.44), limit: 0.1 },
      options,
    ),
  'detection-curves': (options) =>
    drawDetectionCurves(
      {
        series: (['stream', 'batches'] as const).flatMap((way) =>
          [1, 0.5, 0.1].map((share, rank) => ({
            name: `${way}, ${share}`,
            way,
            rank,
            points: [1, 4, 16, 64].map((strength) => ({
              strength,
              share: 1 / (1 + Math.exp(3 - rank - 1.5 * Math.log(strength * share))),
            })),
          })),
        ),
        label: 'compressed as JPEG of quality …',
        from: 1,
        to: 64,
        shown: (strength) => String(100 - strength),
        goal: 0.9,
      },
      options,
    ),
  'evidence-of-a-change': (options) =>
    drawEvidenceTimeline(
      {
        every: 2,
        peaks: Array.from({ length: 500 }, (_, i) =>
          i < 300
            ? 1e-4 * (2 + Math.sin(i / 9))
            : i < 420
              ? Math.min(1e4, 1e-3 * 1.4 ** (i - 300))
              : 1e-7,
        ),
        unit: 'images',
        marks: [
          { at: 601, kind: 'change', label: 'change' },
          { at: 643, kind: 'alarm', label: 'alarm' },
          { at: 860, kind: 'over', label: 'over' },
        ],
      },
      options,
    ),
  'evidence-of-nothing': (options) =>
    drawEvidenceTimeline({ every: 1, peaks: [], unit: 'images', marks: [] }, options),
  'effects-large': (options) => drawFeatureEffects(LARGE, options),
  'effects-small': (options) => drawFeatureEffects(SMALL, options),
  'effects-shares': (options) => drawFeatureEffects([SHARES, ...SMALL.slice(1)], options),
  'effects-hostile': (options) => drawFeatureEffects([HOSTILE], options),
  groups: (options) =>
    drawGroupEvidence(
      [
        { title: 'image properties', pValue: 0.0001, strongest: 'mean' },
        { title: 'reconstruction', pValue: 0.05, strongest: 'loss' },
        { title: 'overall unusualness', pValue: 0.62, strongest: 'outlier-score' },
      ],
      options,
    ),
  'loss-far-apart': (options) => drawLossDistribution(losses(0.0788, 0.4113, 500), options),
  'loss-lowered': (options) => drawLossDistribution(losses(0.561, 0.439, 200), options),
  'loss-of-six-images': (options) => drawLossDistribution(losses(0.0788, 0.085, 6), options),
  'loss-of-a-sample': (options) =>
    drawLossDistribution({ ...losses(0.0788, 0.08, 400), batchCount: 90_000 }, options),
  training: (options) =>
    drawTrainingCurve(
      {
        history: Array.from({ length: 20 }, (_, i) => ({
          epoch: i + 1,
          trainingLoss: 0.076 + 0.087 * Math.exp(-i / 2.7),
          validationLoss: 0.079 + 0.074 * Math.exp(-i / 2.9) + 0.00005 * (i - 16) ** 2,
        })),
        bestEpoch: 17,
      },
      options,
    ),
  'training-one-epoch': (options) =>
    drawTrainingCurve(
      { history: [{ epoch: 1, trainingLoss: 0.2, validationLoss: 0.21 }], bestEpoch: 1 },
      options,
    ),
}

function interval(value: number, low: number, high: number) {
  return { value, low, high, level: 0.95 }
}

type Effect = readonly [title: string, from: number, to: number, effect: number, adjusted: number]

function rows(effects: readonly Effect[]): EffectRow[] {
  return effects.map(([title, from, to, effect, adjustedPValue]) => ({
    kind: 'quantity',
    title,
    from,
    to,
    effect,
    adjustedPValue,
    isSure: adjustedPValue <= 0.05,
    changedShare: Math.min(0.99, Math.abs(effect) / 5),
  }))
}

const LARGE = rows([
  ['reconstruction loss beyond the image’s own entropy', 0.0207, 0.3034, 5.83, 0.001],
  ['brightness (mean pixel)', 0.1309, 0.3716, 2.31, 0.001],
  ['share of exactly black pixels', 0.8088, 0.4923, -12.07, 0.001],
  ['a constant that changed', 0, 1, Number.POSITIVE_INFINITY, 0.001],
  ['difference between the image and its left-right mirror image', 0.1121, 0.0964, -0.31, 0.048],
  ['fine-grain noise', 0.0611, 0.0655, 0.17, 0.31],
])

const SMALL = rows([
  ['left-right edges', 0.0914, 0.0931, 0.09, 0.31],
  ['brightness (mean pixel)', 0.1309, 0.1322, 0.03, 0.41],
  ['unusualness', 1.002, 1.004, 0, 1],
])

const SHARES: EffectRow = {
  kind: 'shares',
  title: 'predicted class',
  words: ["'cat' 10% → 31%, 'dog' 12% → 3.1%, 'ship' 11% → 4.2%", "'cat' 10% → 31%"],
  changedShare: 0.11,
  adjustedPValue: 0.001,
  isSure: true,
}

const HOSTILE: EffectRow = {
  ...SHARES,
  title: '<script>1</script>\u0000',
  words: ["'<script>1</script>' 1% → 2%"],
}

/** Log-normal, as losses are. */
function losses(baseline: number, mean: number, count: number): LossDistribution {
  const random = createRandom(7)
  const draw = (center: number, n: number): number[] =>
    Array.from({ length: n }, () => center * Math.exp(0.27 * random.normal() - 0.036))
  const change = mean / baseline - 1
  return {
    reference: draw(baseline, 2000),
    batch: draw(mean, count),
    batchCount: count,
    comparison: {
      baseline,
      mean,
      relativeIncrease: interval(change, change - 0.02, change + 0.02),
    },
  }
}
