import { z } from 'zod'
import type { ReadOnly } from './read-only.ts'

const unclearBecauseSchema = z.discriminatedUnion('code', [
  /** The reference shows one predicted class only. */
  z.object({ code: z.literal('one-class-predicted') }),
  /** Neither change is sure on its own. */
  z.object({ code: z.literal('neither-sure') }),
  /** Too few reference images have labels. */
  z.object({ code: z.literal('few-labels') }),
  /** All labels of the reference are the same. */
  z.object({ code: z.literal('one-label') }),
  /** More classes than the labelled reference images can tell of. */
  z.object({ code: z.literal('many-classes'), classes: z.int() }),
  /** The classifier does not tell the classes apart. */
  z.object({ code: z.literal('classes-confused') }),
  /** The reference holds too few images of the classes in the batch. */
  z.object({ code: z.literal('few-of-classes') }),
  /** What the classifier gets wrong could hide or feign either change. */
  z.object({ code: z.literal('classifier-errs') }),
  /** The classifier's errors could explain all of it, and no labels tell how often it errs. */
  z.object({ code: z.literal('errors-unknown') }),
])

/** Why the kind of a shift can't be told. */
export type UnclearBecause = ReadOnly<z.infer<typeof unclearBecauseSchema>>

/** Checks a kind of shift. */
export const shiftSchema = z.object({
  /**
   * `mixed`: images of a class look different and the classes are predicted in other shares, be it that the mix changed
   * too or that the classifier judges such images differently. `unclear`: can't tell.
   */
  kind: z.enum(['prior', 'appearance', 'mixed', 'unclear']),
  /** That the shares of predicted classes are as before; Holm-adjusted over the two. */
  priorPValue: z.number(),
  /** That images of a class look as before, whatever the mix; null where that can't be told. */
  appearancePValue: z.number().nullable(),
  /** Where it is unclear. */
  because: unclearBecauseSchema.optional(),
})

/** Whether the mix of classes changed, the look of the images within a class, or both. */
export type Shift = ReadOnly<z.infer<typeof shiftSchema>>
