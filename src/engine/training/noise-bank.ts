import { type Random, tensor, type Tensor } from '../../tensor/index.ts'
import { FREE, ops } from '../graph/index.ts'
import type { NoiseSource } from '../nn/index.ts'

/** Normal draws kept ready; a step reads each of its noise inputs from a random place of it. */
const NOISE_BANK = 1 << 22

/** A noise source whose nodes read the inputs `noise-bank` and `noise-starts`, and the size of each read so far. */
export function bankedNoise(): { readonly noise: NoiseSource; readonly sizes: readonly number[] } {
  const sizes: number[] = []
  const bank = ops.input('noise-bank', [NOISE_BANK])
  // The vector's length is only known once the whole loss is built; the graph leaves it open.
  const starts = ops.input('noise-starts', [FREE], 'int64')
  const noise: NoiseSource = {
    normal: (shape) => {
      const size = shape.reduce((product, axis) => product * axis, 1)
      if (size > NOISE_BANK) {
        throw new RangeError(`expected at most ${NOISE_BANK} noise values, got ${size}`)
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

/** The numbers themselves. */
export function drawNoiseBank(random: Random): Tensor {
  const data = new Float32Array(NOISE_BANK)
  for (let i = 0; i < NOISE_BANK; i++) data[i] = random.normal()
  return tensor([NOISE_BANK], data)
}

/** Where one step begins to read, one position for each of `sizes`. */
export function drawNoiseStarts(sizes: readonly number[], random: Random): BigInt64Array {
  return BigInt64Array.from(sizes, (size) => BigInt(random.integer(NOISE_BANK - size + 1)))
}
