/** Huffman codes of a JPEG: tables of what the next bits say, and blocks read with them. */

/** Two tables for the first coefficient of a block and two to four for the others, by class × 4 + number. */
const tableCount = 8

/** Bits that are looked up at once; longer codes are rare. */
const lookBits = 9

/**
 * For each sequence of `lookBits` bits what it begins with: bits 0–7 how many bits are used up (0: no code is so short), 8–14
 * how many zeros come before the coefficient, 15 whether its size is in bits 16–19 and its own bits follow, or the
 * coefficient itself is in bits 16–31.
 */
const looks = memory.data(tableCount * (4 << lookBits), 16)
const lookBytes: usize = 4 << lookBits

/** Of each length of a code, from 1 on: the first code that is longer, shifted to 16 bits, and what leads from a code to its symbol. */
const limits = memory.data(tableCount * 17 * 4, 16)
const offsets = memory.data(tableCount * 17 * 4, 16)
const lengthBytes: usize = 17 * 4

/** A table as it stands in a file, 16 counts and at most 256 symbols, and how long it is. */
const stored = memory.data(tableCount * 272, 16)
const storedBytes: usize = 272
const storedLengths = memory.data(tableCount * 4, 4)

/** Zeros of a code that ends a block: more than a block has. */
const endOfBlock = 64
const sizeFollows = 0x8000

/** A block is over where more coefficients than these are passed. */
const blockSize = 64

/** No picture has a larger coefficient, and none up to it overflows where libjpeg, which is shorter with zeros, does not. */
const largest = 4095

/** Bytes from the start of a block, 4 a coefficient, by the order in which a file has them. */
// prettier-ignore
const zigzag = memory.data<u8>([
  0, 4, 32, 64, 36, 8, 12, 40, 68, 96, 128, 100, 72, 44, 16, 20, 48, 76, 104, 132, 160, 192, 164, 136, 108, 80, 52, 24, 28,
  56, 84, 112, 140, 168, 196, 224, 228, 200, 172, 144, 116, 88, 60, 92, 120, 148, 176, 204, 232, 236, 208, 180, 152, 124,
  156, 184, 212, 240, 244, 216, 188, 220, 248, 252,
])

/** Bits that are read but not used, from the highest on, and how many; the next bytes are at `next`. */
let buffer: u64 = 0
let count: i32 = 0
let next: usize = 0
/** Where the segment at hand begins, and ends. */
let first: usize = 0
let last: usize = 0

/** Bytes behind a segment that may be read before it is noticed. */
export const overrun = 320

/** Reads the table at `at`, of which `left` bytes are there, into place `table`; returns its length, 0 where it is none. */
export function readTable(table: i32, at: usize, left: i32): i32 {
  if (left < 16) return 0
  let symbols = 0
  for (let i: usize = 0; i < 16; i++) symbols += <i32>load<u8>(at + i)
  const length = 16 + symbols
  if (symbols > 256 || length > left) return 0
  const copy = stored + <usize>table * storedBytes
  const known = storedLengths + ((<usize>table) << 2)
  // The files of a batch share their tables.
  if (load<i32>(known) === length && memory.compare(copy, at, <usize>length) === 0) return length
  store<i32>(known, 0)
  if (!buildTable(table, at, at + 16)) return 0
  memory.copy(copy, at, <usize>length)
  store<i32>(known, length)
  return length
}

function buildTable(table: i32, counts: usize, symbols: usize): bool {
  const look = looks + <usize>table * lookBytes
  memory.fill(look, 0, lookBytes)
  let code = 0
  let symbol = 0
  for (let bits = 1; bits <= 16; bits++) {
    const codes = <i32>load<u8>(counts + <usize>(bits - 1))
    const slot = <usize>table * lengthBytes + ((<usize>bits) << 2)
    // All ones is no code.
    if (codes > 0 && code + codes >= 1 << bits) return false
    store<i32>(offsets + slot, symbol - code)
    for (let i = 0; i < codes; i++) {
      const value = <i32>load<u8>(symbols + <usize>(symbol + i))
      if (table < 4 && value > 15) return false
      if (bits <= lookBits) fillLooks(look, code + i, bits, value, table < 4)
    }
    code += codes
    symbol += codes
    store<i32>(limits + slot, code << (16 - bits))
    code <<= 1
  }
  return true
}

/** What stands at all sequences that begin with the code. */
function fillLooks(look: usize, code: i32, bits: i32, symbol: i32, isFirst: bool): void {
  const rest = lookBits - bits
  const meaning = meaningOf(symbol, isFirst)
  const size = meaning & sizeFollows ? (meaning >> 16) & 15 : 0
  for (let i = 0; i < 1 << rest; i++) {
    let entry = meaning | bits
    if (size > 0 && size <= rest) {
      const own = (i >> (rest - size)) & ((1 << size) - 1)
      entry = (extend(own, size) << 16) | (meaning & 0x7f00) | (bits + size)
    }
    store<i32>(look + ((<usize>((code << rest) | i)) << 2), entry)
  }
}

/** An entry without the bits of its code: of a symbol the upper half is a number of zeros, the lower the coefficient's size. */
function meaningOf(symbol: i32, isFirst: bool): i32 {
  const size = symbol & 15
  const zeros = symbol >> 4
  if (size > 0) return (size << 16) | sizeFollows | (zeros << 8)
  return (isFirst || zeros === 15 ? zeros : endOfBlock) << 8
}

/** A coefficient of `size` bits; those of negative ones begin with a zero. */
function extend(bits: i32, size: i32): i32 {
  return bits < 1 << (size - 1) ? bits - (1 << size) + 1 : bits
}

/** Goes to the coded bits between `from` and `to`. */
export function openBits(from: usize, to: usize): void {
  buffer = 0
  count = 0
  next = from
  first = from
  last = to
}

/** Whether all bits are used, but for those that fill the last byte. */
export function isUsedUp(): bool {
  const used = ((<i32>(next - first)) << 3) - count
  const left = ((<i32>(last - first)) << 3) - used
  return left >= 0 && left < 8
}

/**
 * Reads a block whose first coefficient follows on `lastDc`, a number in memory; `quantiser` has 64 numbers, in zigzag order.
 * Returns the place of the last coefficient that was there, or −1 where the bits mean nothing, or no picture. The block must be zeros.
 */
export function readBlock(
  block: usize,
  dcTable: i32,
  acTable: i32,
  quantiser: usize,
  lastDc: usize,
): i32 {
  if (next > last + 8) return -1
  let bits = buffer
  let left = count
  let at = next
  let place = 0
  let end = 0
  let table = dcTable
  let look = looks + <usize>dcTable * lookBytes
  while (place < blockSize) {
    if (left <= 32) {
      bits |= (<u64>bswap(load<u32>(at))) << (32 - left)
      left += 32
      at += 4
    }
    let entry = load<i32>(look + <usize>((bits >> (64 - lookBits)) << 2))
    if (entry === 0) {
      entry = readLong(table, <i32>(bits >> 48))
      if (entry === 0) return -1
    }
    bits <<= <u64>(entry & 0xff)
    left -= entry & 0xff
    place += (entry >> 8) & 0x7f
    let value = entry >> 16
    if (entry & sizeFollows) {
      value = extend(<i32>(bits >> (64 - value)), value)
      bits <<= <u64>(entry >> 16)
      left -= entry >> 16
    }
    if (place >= blockSize) {
      if (((entry >> 8) & 0x7f) !== endOfBlock) return -1
      break
    }
    if (place === 0) {
      value += load<i32>(lastDc)
      store<i32>(lastDc, value)
      value = <i32>(<i16>value)
      table = acTable
      look = looks + <usize>acTable * lookBytes
    } else if (value !== 0) end = place
    const coefficient = value * load<i32>(quantiser + ((<usize>place) << 2))
    if (coefficient > largest || coefficient < -largest) return -1
    store<i32>(block + <usize>load<u8>(zigzag + <usize>place), coefficient)
    place++
  }
  buffer = bits
  count = left
  next = at
  return end
}

/** The entry of a code of more than `lookBits` bits, by the next 16 bits; 0 where there is none. */
function readLong(table: i32, window: i32): i32 {
  const slots = <usize>table * lengthBytes
  for (let bits = lookBits + 1; bits <= 16; bits++) {
    const slot = slots + ((<usize>bits) << 2)
    if (window >= load<i32>(limits + slot)) continue
    const symbol = load<i32>(offsets + slot) + (window >> (16 - bits))
    const symbols = stored + <usize>table * storedBytes + 16
    return meaningOf(<i32>load<u8>(symbols + <usize>symbol), table < 4) | bits
  }
  return 0
}
