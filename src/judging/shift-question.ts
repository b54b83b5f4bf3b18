import type { OmnibusGroup } from '../statistics/index.ts'
import type { UnclearBecause } from '../verdict/index.ts'
import type { ClassOutputs } from './class-outputs.ts'

/** What is asked of a window. */
export type ShiftQuestion = {
  readonly groups: readonly OmnibusGroup[]
  readonly window: Float32Array
  readonly windowOutputs: ClassOutputs
  readonly windowBlocks?: Uint32Array | undefined
  readonly referenceBlocks?: Uint32Array | undefined
  readonly permutations: number
  readonly level: number
  readonly seed: number
}

/** The chance of such a change of what images of a class look like, or why that is not known. */
export type AppearanceAnswer = { readonly pValue: number } | { readonly unknown: UnclearBecause }
