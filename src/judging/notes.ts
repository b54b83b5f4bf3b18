import type { VectorName } from '../measuring/values/index.ts'

/** What a reader of a judgement should know besides: a code and its numbers; `wording` has the sentences. */
export type Note =
  /** So many of the images were used to fit this detector, and are left out of the comparison. */
  | { readonly code: 'learned'; readonly images: number; readonly of: number }
  /** So many are held-out images of this detector, compared with themselves. */
  | { readonly code: 'held-out'; readonly images: number; readonly of: number }
  /** So many are exact copies of others in the batch. */
  | { readonly code: 'copies'; readonly images: number; readonly of: number }
  /** What the source of the images says of itself, in its own words. */
  | { readonly code: 'source'; readonly text: string }
  /** Given beside the images, and of no use: the reference had none. */
  | { readonly code: 'unused-vectors'; readonly names: readonly VectorName[] }
  /** So few that a change of every tenth image is absent with this chance. */
  | { readonly code: 'small-batch'; readonly images: number; readonly missed: number }
  /** Tested on a random sample. */
  | { readonly code: 'sampled'; readonly images: number; readonly of: number }
  /** Could not be read. */
  | { readonly code: 'unreadable'; readonly images: number; readonly of: number }
  /** More than `largest` images for so many held-out ones: the rate of this one detector may be off. */
  | {
      readonly code: 'large-batch'
      readonly reference: number
      readonly largest: number
      /** How more images would be held out; null where there are as many as there can be. */
      readonly more: 'reference' | 'max-images' | 'images' | null
    }
  /** Too few blocks for any p-value to reach the level. */
  | {
      readonly code: 'few-blocks'
      readonly blocks: number
      readonly reference: number
      readonly level: number
    }
  /** The classifier may have been trained on the reference; its mean confidence where it fell. */
  | { readonly code: 'outputs-untrusted'; readonly confidence: Confidence | null }
  /** Only the classifier's outputs changed, towards less sure. */
  | { readonly code: 'outputs-alone'; readonly confidence: Confidence }
  /** Fitted on pictures that other decoders read; null where an older version does not say. */
  | { readonly code: 'decoding'; readonly fitted: string | null; readonly now: string | null }

/** Mean confidence of the classifier, in [0, 1]: on the held-out images and in the batch. */
export type Confidence = { readonly reference: number; readonly batch: number }
