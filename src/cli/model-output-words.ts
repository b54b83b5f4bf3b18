import type { Detector } from '../detector/index.ts'

/** What a detector needs beside the images, in words, such as `probabilities of 10 classes`; empty when nothing. */
export function describeModelOutputs({
  probabilities,
  logits,
  embeddings,
}: Detector['extractor']['neededOutputs']): string[] {
  const parts = [
    ...outputs('probabilities', probabilities),
    ...outputs('logits', logits),
    ...(embeddings === undefined ? [] : [`embeddings of ${embeddings} numbers`]),
  ]
  return parts.length === 0 ? [] : [parts.join(' and ')]
}

function outputs(name: string, length: number | undefined): string[] {
  if (length === undefined) return []
  return [length === 1 ? `${name} of the second of two classes` : `${name} of ${length} classes`]
}
