import type { ImageFacts } from '../watching/index.ts'

/** The class that the model predicted, as it was said or by the largest of its outputs; undefined where neither came. */
export function predictedClass(
  { prediction, probabilities, logits }: ImageFacts,
  classNames: readonly string[] = [],
): string | undefined {
  if (prediction !== undefined) return prediction
  const outputs = probabilities ?? logits
  if (outputs === undefined) return undefined
  const largest = outputs.reduce((best, value, i) => (value > outputs[best] ? i : best), 0)
  return classNames[largest] ?? String(largest)
}
