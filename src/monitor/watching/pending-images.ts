import type { ImageToMeasure } from '../measuring/index.ts'
import type { PendingImage } from '../store/index.ts'

/** The attribute that names where an image comes from. */
export const SOURCE = 'source'

/** What may come with an image beside its bytes, as the inbox keeps it. */
export type ImageFacts = {
  readonly prediction?: string | undefined
  readonly probabilities?: readonly number[] | undefined
  readonly logits?: readonly number[] | undefined
  readonly embedding?: readonly number[] | undefined
  readonly attributes?: Readonly<Record<string, string>> | undefined
}

/** An image of the inbox as it is measured; `ordinal` is its number among all of its monitor, from 0. */
export function toMeasure(
  { number, predictionId, source, takenAt, facts, bytes }: PendingImage,
  ordinal: number,
): ImageToMeasure {
  const { prediction, attributes, probabilities, logits, embedding } = JSON.parse(
    facts,
  ) as ImageFacts
  const own = { ...attributes, ...(source !== null && { [SOURCE]: source }) }
  return {
    number,
    ordinal,
    record: {
      id: predictionId,
      ...(takenAt !== null && { timestamp: takenAt }),
      ...(prediction !== undefined && { prediction }),
      ...(Object.keys(own).length > 0 && { attributes: own }),
    },
    bytes,
    outputs: { probabilities, logits, embeddings: embedding },
  }
}
