import { describe, it } from 'node:test'
import {
  kolmogorovSmirnovDistance,
  largestWeightedGap,
  mixingBound,
  prepareOmnibusReference,
} from '../../src/statistics/index.ts'
import { createRandom, matrix } from '../../src/tensor/index.ts'
import { assertClose } from './golden.ts'

const ascending = (values: readonly number[]) => Float32Array.from(values).toSorted()

describe('the change that errors alone can bring about within predicted classes', () => {
  // 40 of 50 right in each of two classes.
  const confusion = matrix(2, 2, Float64Array.of(40, 10, 10, 40))

  it('is none where the mix stays', () => {
    assertClose(mixingBound(confusion, Float64Array.of(0.5, 0.5), Float64Array.of(0.5, 0.5)), 0)
  })

  it('is what the errors’ shares change by where it does not', () => {
    // Labels 0.8 and 0.2: of those predicted 0 now 64 to 4 instead of 40 to 10, of those predicted 1 16 to 16.
    const found = mixingBound(confusion, Float64Array.of(0.8, 0.2), Float64Array.of(0.68, 0.32))
    assertClose(found, 0.68 * (32 / 34 - 40 / 50) + 0.32 * Math.abs(8 / 16 - 10 / 50))
  })

  it('is anything where one of the two shows no such class', () => {
    const empty = matrix(2, 2, Float64Array.of(50, 50, 0, 0))
    assertClose(mixingBound(empty, Float64Array.of(0.5, 0.5), Float64Array.of(0.25, 0.75)), 0.75)
    // Of those predicted 1 all were of a label that is gone.
    const apart = matrix(2, 2, Float64Array.of(50, 0, 0, 50))
    assertClose(mixingBound(apart, Float64Array.of(1, 0), Float64Array.of(0.9, 0.1)), 0.1)
  })

  it('is told by a single row of a class as by many', () => {
    const few = matrix(2, 2, Float64Array.of(1, 0, 1, 2))
    // Labels 0.8 and 0.2: of those predicted 0 all are of label 0 as before, of those predicted 1 two thirds, not one.
    const found = mixingBound(few, Float64Array.of(0.8, 0.2), Float64Array.of(0.3, 0.7))
    assertClose(found, 0.7 / 3)
    const single = matrix(1, 2, Float64Array.of(6, 2))
    assertClose(mixingBound(single, Float64Array.of(0.5, 0.5), Float64Array.of(1)), 0.25)
  })

  it('minds no label that the reference lacks', () => {
    const lacking = matrix(2, 3, Float64Array.of(40, 10, 0, 10, 40, 0))
    const predicted = Float64Array.of(0.68, 0.32)
    assertClose(
      mixingBound(lacking, Float64Array.of(0.4, 0.1, 0.5), predicted),
      mixingBound(confusion, Float64Array.of(0.8, 0.2), predicted),
    )
  })
})

describe('the largest gap to a weighted reference', () => {
  const random = createRandom(1)
  const reference = Array.from({ length: 40 }, () => random.integer(9))
  const window = Array.from({ length: 25 }, () => random.integer(9) + 1)
  const prepared = prepareOmnibusReference(Float32Array.from(reference), 1)

  it('is the Kolmogorov–Smirnov distance where all weigh the same', () => {
    const weights = new Float64Array(40).fill(3)
    const gap = largestWeightedGap(prepared, Float32Array.from(window), { weights, columns: [0] })
    assertClose(gap, kolmogorovSmirnovDistance(ascending(reference), ascending(window)))
  })

  it('is that to the rows repeated as often as they weigh', () => {
    const weights = Float64Array.from(reference, () => random.integer(4))
    const repeated = reference.flatMap((value, i) =>
      Array.from({ length: weights[i] }, () => value),
    )
    const gap = largestWeightedGap(prepared, Float32Array.from(window), { weights, columns: [0] })
    assertClose(gap, kolmogorovSmirnovDistance(ascending(repeated), ascending(window)))
  })

  it('is that of the column that moved most', () => {
    const pair = prepareOmnibusReference(Float32Array.of(1, 1, 2, 2, 3, 3, 4, 4), 2)
    const moved = Float32Array.of(1, 9, 2, 9, 3, 9, 4, 9)
    const weights = new Float64Array(4).fill(1)
    assertClose(largestWeightedGap(pair, moved, { weights, columns: [0] }), 0)
    assertClose(largestWeightedGap(pair, moved, { weights, columns: [0, 1] }), 1)
    assertClose(largestWeightedGap(pair, moved, { weights, columns: [1, 0] }), 1)
  })

  it('weighs each row by what is its own, whatever its place in a column', () => {
    const pair = prepareOmnibusReference(Float32Array.of(4, 1, 3, 2, 2, 3, 1, 4), 2)
    const weights = Float64Array.of(5, 1, 1, 1)
    const at = (column: number, value: number) =>
      largestWeightedGap(pair, Float32Array.of(value, value), { weights, columns: [column] })
    // All of the window at one value: below it lies what weighs less than it, above what weighs more.
    assertClose(at(0, 3.5), 5 / 8)
    assertClose(at(1, 1.5), 5 / 8)
    assertClose(at(0, 0), 1)
    assertClose(at(1, 9), 1)
  })
})
