import {
  confusionMatrix,
  effectiveRows,
  labelWeights,
  largestWeightedGap,
  mixingBound,
  mostLikelyLabelShares,
  omnibusExact,
  type OmnibusReference,
} from '../statistics/index.ts'
import { createRandom, matrix, type Matrix } from '../tensor/index.ts'
import type { ClassOutputs } from './class-outputs.ts'
import type { AppearanceAnswer, ShiftQuestion } from './shift-question.ts'

/** Classifiers are often surer than they are right: their own estimate of their errors counts this many times. */
const DOUBT = 2

const UNKNOWN: AppearanceAnswer = { unknown: { code: 'errors-unknown' } }

/**
 * Whether the images of a predicted class look different by more than a change of the mix could bring about through
 * the classifier's errors, as its own probabilities tell them. Where it is less, the answer is not known.
 */
export function askWithoutLabels(
  reference: OmnibusReference,
  outputs: ClassOutputs,
  question: ShiftQuestion,
): AppearanceAnswer {
  const {
    window,
    windowOutputs,
    windowBlocks,
    referenceBlocks,
    groups,
    permutations,
    seed,
    level,
  } = question
  const { pValue } = omnibusExact(reference, window, groups, {
    permutations,
    random: createRandom(seed),
    strata: { reference: outputs.predicted, window: windowOutputs.predicted },
    blocks:
      referenceBlocks && windowBlocks
        ? { reference: referenceBlocks, window: windowBlocks }
        : undefined,
  })
  if (pValue > level) return { pValue }
  const confusion = statedConfusion(outputs)
  if (confusion === null) return UNKNOWN
  const beyond = changeBeyondErrors(reference, { outputs, confusion }, question)
  return beyond > 0 ? { pValue } : UNKNOWN
}

/** Predicted class by true class on the reference, if the classifier's probabilities are right. */
function statedConfusion({ predicted, probabilities }: ClassOutputs): Matrix | null {
  if (probabilities === null) return null
  const { width, values } = probabilities
  const data = new Float64Array(width * width)
  predicted.forEach((one, row) => {
    for (let y = 0; y < width; y++) data[one * width + y] += values[row * width + y]
  })
  return matrix(width, width, data)
}

/** The largest gap of any feature within predicted classes, less what errors and chance can make of nothing. */
function changeBeyondErrors(
  reference: OmnibusReference,
  { outputs, confusion }: { readonly outputs: ClassOutputs; readonly confusion: Matrix },
  { window, windowOutputs, windowBlocks, referenceBlocks, groups, level }: ShiftQuestion,
): number {
  const classes = confusion.rows
  const shares = sharesOf(windowOutputs.predicted, classes)
  const weights = labelWeights(outputs.predicted, shares)
  const columns = groups.flatMap((group) => group.columns)
  const errors = mixingBound(
    confusion,
    mostLikelyLabelShares(confusion, windowOutputs.predicted),
    shares,
  )
  const units = (blocks: ArrayLike<number> | undefined, rows: number): number =>
    blocks === undefined ? rows : new Set(Array.from(blocks)).size
  // Dvoretzky, Kiefer & Wolfowitz 1956 with Massart's constant, for every column at once.
  const chance =
    Math.sqrt(Math.log((2 * columns.length) / level) / 2) *
    (1 / Math.sqrt(units(windowBlocks, windowOutputs.predicted.length)) +
      1 / Math.sqrt(Math.min(effectiveRows(weights), units(referenceBlocks, reference.rows))))
  return largestWeightedGap(reference, window, { weights, columns }) - chance - DOUBT * errors
}

function sharesOf(predicted: Uint32Array, classes: number): Float64Array {
  const same = new Uint32Array(predicted.length)
  const { data } = confusionMatrix(predicted, same, [classes, 1])
  return data.map((count) => count / predicted.length)
}
