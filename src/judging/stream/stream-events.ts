import type { FeatureGroup } from '../../measuring/values/index.ts'
import type { Judgement } from '../verdict.ts'

/** `dependent`: images that follow each other are alike, so that alarms would mean nothing. */
export type StreamStatus = 'watching' | 'drift' | 'dependent'

/** An image of a stream. */
export type StreamPlace = {
  /** Its number, from 1, counting readable images. */
  readonly number: number
  readonly id: string
  readonly timestamp?: string | undefined
}

/** Where a change began: the likeliest first changed image, and the 95% interval around it, as numbers from 1. */
export type ChangePoint = StreamPlace & { readonly from: number; readonly to: number }

/** A feature that speaks of a change. */
export type StreamCarrier = {
  readonly name: string
  readonly group: FeatureGroup
  /** Its evidence in units of what alarms. */
  readonly strength: number
}

/** What happened in a stream. */
export type StreamEvent =
  | {
      readonly kind: 'drift'
      /** `slow`: seen over thousands of images by what they sum up to. */
      readonly pace: 'sudden' | 'slow'
      /** The image at which it became sure. */
      readonly at: StreamPlace
      readonly since: ChangePoint
      /** Strongest first. */
      readonly carriers: readonly StreamCarrier[]
      /** The images since, at most the last 1,000, held against the baseline; of few images it says little by itself. */
      readonly judgement: Judgement
    }
  | {
      readonly kind: 'recovered'
      readonly at: StreamPlace
      /** Images from the change to here. */
      readonly images: number
    }
  | {
      readonly kind: 'dependent'
      readonly at: StreamPlace
      readonly carriers: readonly StreamCarrier[]
    }
  | {
      /** A change that the tolerated ones explain. */
      readonly kind: 'tolerated'
      readonly at: StreamPlace
      readonly since: ChangePoint
    }
