import { createRandom, type Random } from '../../src/tensor/index.ts'

/** Uniform numbers of the minimal standard generator (Park and Miller 1988), which golden scripts draw from too. */
export function parkMiller(seed: number): Random {
  let state = seed
  const uniform = () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647
  return { ...createRandom(1), uniform }
}
