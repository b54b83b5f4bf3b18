import { hash } from 'node:crypto'
import { sliceRows, type Tensor } from '../tensor/index.ts'

const HASH_BYTES = 6

/** First 48 bits of the SHA-256 of each image's working pixels: equal images, equal numbers. */
export function hashImages(pixels: Tensor): Float64Array {
  return Float64Array.from({ length: pixels.shape[0] }, (_, row) => {
    const { buffer, byteOffset, byteLength } = sliceRows(pixels, row, row + 1).data
    const digest = hash('sha256', new Uint8Array(buffer, byteOffset, byteLength), 'buffer')
    return digest.readUIntBE(0, HASH_BYTES)
  })
}

/** Hashes of images as they come, 8 bytes each. */
export type HashList = {
  add(hashes: Float64Array): void
  /** All so far, ascending, as often as they came. */
  sorted(): Float64Array
}

/** A list for about `expected` images. */
export function createHashList(expected: number): HashList {
  let all = new Float64Array(Math.max(1, expected))
  let count = 0
  return {
    add(hashes) {
      if (count + hashes.length > all.length) {
        const larger = new Float64Array(2 * (count + hashes.length))
        larger.set(all)
        all = larger
      }
      all.set(hashes, count)
      count += hashes.length
    },
    sorted: () => all.slice(0, count).toSorted(),
  }
}
