import type { FeatureColumn } from '../../src/representations/index.ts'
import type { Random } from '../../src/tensor/index.ts'
import type { Draw, Protocol } from './draws.ts'
import type { ViewName } from './subject.ts'
import type { View } from './view.ts'

/** What a method may learn before it sees a window. */
export type Preparation = {
  readonly columns: readonly FeatureColumn[]
  /** All clean reference images. */
  readonly reference: View
  readonly protocol: Protocol
  /** Of the windows to come, up to the method's largest. */
  readonly sizes: readonly number[]
  readonly random: Random
}

/** The p-value of one draw; a rule without one returns 0 for an alarm and 1 for none. */
export type WindowTest = (draw: Draw) => number

/** A test of windows. */
export type Method = {
  readonly name: string
  /** For tables: what is tested, on what. */
  readonly title: string
  /** Counts up when its p-values change, so that kept ones aren't reused. */
  readonly revision: number
  readonly view: ViewName
  /** Protocols it is fit for, with the share of the study's windows that it is given: less where it is costly. */
  readonly budget: Readonly<Partial<Record<Protocol, number>>>
  /** Windows beyond this size are left to the published figures. */
  readonly largest: number
  /** Called once per shuffle and protocol; what it returns is used for all its draws. */
  prepare(preparation: Preparation): WindowTest
}
