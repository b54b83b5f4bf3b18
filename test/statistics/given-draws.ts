import assert from 'node:assert/strict'
import { createRandom, type Random } from '../../src/tensor/index.ts'

/** Random integers that are those given, one after the other: the draws of a golden script. */
export function givenDraws(integers: readonly number[]): Random & { readonly left: () => number } {
  const waiting = integers.values()
  let left = integers.length
  return {
    ...createRandom(0),
    left: () => left,
    integer(limit) {
      const { value } = waiting.next()
      assert.ok(value !== undefined && value < limit)
      left--
      return value
    },
  }
}
