/** A text as a whole number below 2⁵³ that looks random; the same everywhere (cyrb53 of bryc, public domain). */
export function hashText(text: string, seed = 0): number {
  let first = 0xdeadbeef ^ seed
  let second = 0x41c6ce57 ^ seed
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    first = Math.imul(first ^ unit, 2_654_435_761)
    second = Math.imul(second ^ unit, 1_597_334_677)
  }
  first = Math.imul(first ^ (first >>> 16), 2_246_822_507)
  first ^= Math.imul(second ^ (second >>> 13), 3_266_489_909)
  second = Math.imul(second ^ (second >>> 16), 2_246_822_507)
  second ^= Math.imul(first ^ (first >>> 13), 3_266_489_909)
  return 4_294_967_296 * (2_097_151 & second) + (first >>> 0)
}

const DIGITS = 12

/** Twelve hexadecimal digits that tell texts apart where nobody tries to make two of one name. */
export function shortDigest(text: string): string {
  return hashText(text).toString(16).padStart(DIGITS, '0').slice(-DIGITS)
}
