import { classifyShift, holm, labelShiftTest, type OmnibusReference } from '../statistics/index.ts'
import { isFileGroup } from '../measuring/values/index.ts'
import { createRandom } from '../tensor/index.ts'
import type { Shift, UnclearBecause } from '../verdict/index.ts'
import { type ClassOutputs, classOutputs } from './class-outputs.ts'
import type { OutputsTrust } from './outputs-notes.ts'
import type { AppearanceAnswer } from './shift-question.ts'
import { askWithLabels, learnFromLabels } from './shift-with-labels.ts'
import { askWithoutLabels } from './shift-without-labels.ts'
import type { TestSettings } from './test-settings.ts'
import { drawsFor, testedGroups } from './window-test.ts'

export type ShiftKindOptions = {
  readonly level: number
  readonly seed: number
  /** Block of each row of the window, where rows depend on each other. */
  readonly blocks?: Uint32Array | undefined
}

/** What a judge of the kind of shift knows of the reference. */
export type ShiftReference = {
  readonly manifest: TestSettings & {
    readonly seed: number
    readonly outputsTrust?: OutputsTrust | undefined
  }
  readonly reference: OmnibusReference
  /** Code of each reference row's label. */
  readonly labels?: Uint16Array | undefined
  readonly blocks?: Uint32Array | undefined
}

/** Lower levels would take ever more draws to answer a question that is only asked once there is an alarm. */
const LOWEST_LEVEL = 0.001

/** Tells what kind of shift a window (rows × columns) shows. */
export type ShiftJudge = (window: Float32Array, options: ShiftKindOptions) => Shift

/**
 * Tells a change of the mix of classes (prior shift) from a change of what the images of a class look like (appearance
 * shift). The first is a test of the predicted classes' shares; the second one of all other features, against the
 * reference with another mix: by its labels where it has them, so that a classifier's errors feign nothing. Null
 * without predicted classes that count. Holm-adjusted over the two.
 */
export function createShiftJudge({
  manifest,
  reference,
  labels,
  blocks,
}: ShiftReference): ShiftJudge | null {
  const { columns, features, seed, outputsTrust } = manifest
  // Of images the classifier was trained on its outputs are memory.
  const outputs = outputsTrust === 'none' ? null : classOutputs(columns, reference.values)
  if (outputs === null) return null
  const others = features.filter((group) => group !== 'prediction' && !isFileGroup(group))
  const groups = testedGroups({ ...manifest, features: others })
  const referenceBlocks = blocks?.subarray(0, reference.rows)
  if (new Set(outputs.predicted).size < 2 || groups.length === 0) {
    return () => unclear({ code: 'one-class-predicted' })
  }
  const known =
    labels &&
    learnFromLabels(reference, { groups, codes: labels, outputs, blocks: referenceBlocks, seed })
  return (window, options) => {
    const windowOutputs = classOutputs(columns, window) as ClassOutputs
    const level = Math.max(LOWEST_LEVEL, options.level)
    const permutations = drawsFor(level)
    const question = {
      groups,
      window,
      windowOutputs,
      permutations,
      level,
      seed: options.seed + 1,
      windowBlocks: options.blocks,
      referenceBlocks: options.blocks && referenceBlocks,
    }
    const label = labelShiftTest(outputs.predicted, windowOutputs.predicted, {
      permutations,
      random: createRandom(options.seed),
      blocks: options.blocks &&
        referenceBlocks && { reference: referenceBlocks, window: options.blocks },
    })
    const appearance =
      known === undefined || 'code' in known
        ? askWithoutLabels(reference, outputs, question)
        : askWithLabels(known, question)
    return decide(label, appearance, level)
  }
}

function decide(label: number, appearance: AppearanceAnswer, level: number): Shift {
  if ('unknown' in appearance) {
    return {
      kind: 'unclear',
      priorPValue: label,
      appearancePValue: null,
      because: appearance.unknown,
    }
  }
  const [priorPValue, appearancePValue] = holm([label, appearance.pValue])
  const kind = classifyShift({ label, conditional: appearance.pValue }, level)
  return kind === 'none'
    ? { ...unclear({ code: 'neither-sure' }), priorPValue, appearancePValue }
    : { kind, priorPValue, appearancePValue }
}

function unclear(because: UnclearBecause): Shift {
  return { kind: 'unclear', priorPValue: 1, appearancePValue: null, because }
}
