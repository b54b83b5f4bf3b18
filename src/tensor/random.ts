import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded stream of random numbers; the same seed gives the same stream everywhere. */
export type Random = {
  /** Uniform in [0, 1), 32 bits of resolution. */
  uniform(): number
  /** Standard normal (Marsaglia polar method). */
  normal(): number
  /** Uniform integer in 0..bound-1. */
  integer(bound: number): number
  /** A random order of 0..count-1. */
  permutation(count: number): Uint32Array
  /** `size` distinct integers of 0..count-1, in random order. */
  sample(count: number, size: number): Uint32Array
  /** A new independent stream, so that added draws in one part never move another part. */
  fork(): Random
}

/** Opens the stream of an integer seed. */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`expected an integer seed, got ${seed}`)
  const generator = xoroshiro128plus(scramble(seed))
  let spare: number | undefined

  const uniform = (): number => (generator.next() >>> 0) / 0x1_0000_0000
  const integer = (bound: number): number => Math.floor(uniform() * bound)

  const normal = (): number => {
    if (spare !== undefined) {
      const value = spare
      spare = undefined
      return value
    }
    for (;;) {
      const x = 2 * uniform() - 1
      const y = 2 * uniform() - 1
      const square = x * x + y * y
      if (square > 0 && square < 1) {
        const scale = Math.sqrt((-2 * Math.log(square)) / square)
        spare = y * scale
        return x * scale
      }
    }
  }

  const sample = (count: number, size: number): Uint32Array => {
    if (size > count) throw new RangeError(`expected at most ${count} draws, got ${size}`)
    const order = new Uint32Array(count)
    for (let i = 0; i < count; i++) order[i] = i
    for (let i = 0; i < size; i++) {
      const j = i + integer(count - i)
      const held = order[i]
      order[i] = order[j]
      order[j] = held
    }
    return size === count ? order : order.slice(0, size)
  }

  return {
    uniform,
    normal,
    integer,
    permutation: (count) => sample(count, count),
    sample,
    fork: () => createRandom(integer(0x7fffffff)),
  }
}

/** Spreads small neighbouring seeds apart (finaliser of MurmurHash3). */
function scramble(seed: number): number {
  let h = (seed ^ Math.floor(seed / 0x1_0000_0000)) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
