import { openSession } from '../../src/engine/index.ts'
import { sliceRows, type Tensor } from '../../src/tensor/index.ts'
import { type FittedClassifier, oneHot, predictions } from './digit-classifier.ts'
import type { LabelledImages } from './parts.ts'

/** Strengths tried by the attack, weakest first. */
const EPSILONS = Array.from({ length: 40 }, (_, i) => 1.5 ** (i - 30) * 10).filter(
  (epsilon) => epsilon <= 1,
)

/**
 * Fast gradient sign attack at the smallest strength that changes the prediction (Goodfellow et al. 2015);
 * an image that withstands every strength keeps the largest. Rows must be a multiple of the attack batch.
 */
export async function attack(
  { model, attackModel, attackBatch }: FittedClassifier,
  { pixels, labels }: LabelledImages,
  classes: number,
): Promise<Tensor> {
  const gradientOf = await openSession(attackModel)
  const scorer = await openSession(model)
  const data = new Float32Array(pixels.data.length)
  const size = pixels.data.length / labels.length
  for (let start = 0; start < labels.length; start += attackBatch) {
    const images = sliceRows(pixels, start, start + attackBatch)
    const targets = oneHot(labels.subarray(start, start + attackBatch), classes)
    const { gradient } = await gradientOf.run({ images, targets })
    const open = new Set(Array.from({ length: attackBatch }, (_, i) => i))
    const before = predictions((await scorer.run({ images }))['logits'])
    for (const epsilon of EPSILONS) {
      const moved = images.data.map((value, i) =>
        Math.min(1, Math.max(0, value + epsilon * Math.sign(gradient.data[i]))),
      )
      const after = predictions(
        (await scorer.run({ images: { ...images, data: moved } }))['logits'],
      )
      for (const i of open) {
        data.set(moved.subarray(i * size, (i + 1) * size), (start + i) * size)
        if (after[i] !== before[i]) open.delete(i)
      }
      if (open.size === 0) break
    }
  }
  await gradientOf.close()
  await scorer.close()
  return { shape: pixels.shape, data }
}
