import { elementCount, type Random, tensor, type Tensor } from '../../tensor/index.ts'
import { FREE, ops } from '../graph/index.ts'
import type { NoiseSource } from '../nn/index.ts'

/** Normal draws kept ready; a step reads each of its noise inputs from a random place of it. */
const USUAL_BANK = 1 << 22

/** Size of a bank for reads of at most `largest` values: the usual one, or room for two where a read would not fit it. */
export function noiseBankSize(largest: number): number {
  return largest <= USUAL_BANK ? USUAL_BANK : 2 * largest
}

/** A noise source whose nodes read the inputs `noise-bank` and `noise-starts`, and the size of each read so far. */
export function bankedNoise(bankSize = USUAL_BANK): {
  readonly noise: NoiseSource
  readonly sizes: readonly number[]
} {
  const sizes: number[] = []
  const bank = ops.input('noise-bank', [bankSize])
  // The vector's length is only known once the whole loss is built; the graph leaves it open.
  const starts = ops.input('noise-starts', [FREE], 'int64')
  const noise: NoiseSource = {
    normal: (shape) => {
      const size = elementCount(shape)
      if (size > bankSize) {
        throw new RangeError(`expected at most ${bankSize} noise values, got ${size}`)
      }
      const site = ops.constant({
        shape: [1],
        data: BigInt64Array.of(BigInt(sizes.push(size) - 1)),
      })
      return ops.reshape(ops.sliceAt(bank, ops.sliceAt(starts, site, 1), size), shape)
    },
  }
  return { noise, sizes }
}

/** A noise source for a graph that is looked at and never run: each read is an input of its own, of any size. */
export function unboundNoise(): { readonly noise: NoiseSource; readonly sizes: readonly number[] } {
  const sizes: number[] = []
  const normal = (shape: readonly number[]) =>
    ops.input(`noise-${sizes.push(elementCount(shape))}`, shape)
  return { noise: { normal }, sizes }
}

/** The numbers themselves. */
export function drawNoiseBank(random: Random, bankSize = USUAL_BANK): Tensor {
  const data = new Float32Array(bankSize)
  for (let i = 0; i < bankSize; i++) data[i] = random.normal()
  return tensor([bankSize], data)
}

/** Where one step begins to read, one position for each of `sizes`. */
export function drawNoiseStarts(
  sizes: readonly number[],
  random: Random,
  bankSize = USUAL_BANK,
): BigInt64Array {
  return BigInt64Array.from(sizes, (size) => BigInt(random.integer(bankSize - size + 1)))
}
