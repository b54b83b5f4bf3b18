/** Unpacks zlib data (RFC 1950 and 1951) of a known size. What is odd in any way is not unpacked: zlib itself says what it is. */

/** Bits that are looked up at once: of lengths and literals, of distances; longer codes are rare. */
const lookBits = 10
const distanceLookBits = 8

/** For each sequence of bits, the first one lowest: symbol × 16 + the bits of its code, 0 where the code is longer. */
const looks = memory.data(4 << lookBits, 16)
const distanceLooks = memory.data(4 << distanceLookBits, 16)

/** A table for longer codes: how many codes of each length from 0 to 15 there are, then the symbols in the order of their codes. */
const longBytes = 16 * 4 + 320 * 2
const longCodes = memory.data(longBytes, 16)
const longDistances = memory.data(longBytes, 16)

/** Bits of the codes of all symbols, and the first code of each length. */
const lengths = memory.data(320, 16)
const firstCodes = memory.data(16 * 4, 16)
const places = memory.data(16 * 4, 16)

const mostLiterals = 288
const endOfBlock = 256

// prettier-ignore
const lengthBases = memory.data<u16>([
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
])
// prettier-ignore
const lengthExtras = memory.data<u8>([
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
])
// prettier-ignore
const distanceBases = memory.data<u16>([
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
])
/** The order in which lengths of the codes of lengths are stored. */
// prettier-ignore
const lengthOrder = memory.data<u8>([16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15])

/** Bits that are read but not used, the next one lowest, and how many; the next bytes are at `next`. */
let buffer: u64 = 0
let count: i32 = 0
let next: usize = 0
let last: usize = 0

/** Where the first byte went, where the next one goes, and where there is no more room. */
let origin: usize = 0
let target: usize = 0
let limit: usize = 0

/** Bytes behind the data that may be read before it is noticed. */
const overrun: usize = 8

/** Unpacks `length` bytes to exactly `size`; up to 64 bytes further may be read, and 8 written. */
export function inflate(from: usize, length: i32, out: usize, size: i32): bool {
  if (length < 6) return false
  const head = ((<i32>load<u8>(from)) << 8) | <i32>load<u8>(from, 1)
  // Deflate, a window that there is, a sum over both bytes, no dictionary.
  if (((head >> 8) & 15) !== 8 || head >> 12 > 7 || head % 31 !== 0 || (head & 0x20) !== 0)
    return false
  next = from + 2
  last = from + <usize>length
  buffer = 0
  count = 0
  origin = out
  target = out
  limit = out + <usize>size
  for (let isLast = false; !isLast;) {
    refill()
    isLast = take(1) === 1
    const kind = take(2)
    const isSound =
      kind === 0 ? copyStored() : kind === 1 ? readFixed() : kind === 2 && readDynamic()
    if (!isSound || next > last + overrun) return false
  }
  const end = next - <usize>(count >> 3)
  return target === limit && end + 4 === last && bswap(load<u32>(end)) === adler(out, size)
}

/** At least 32 bits are there after it. */
function refill(): void {
  if (count > 32) return
  buffer |= (<u64>load<u32>(next)) << count
  count += 32
  // What is read beyond the end is noticed by where it ends.
  next += 4
}

function take(bits: i32): i32 {
  const value = <i32>(buffer & (((<u64>1) << bits) - 1))
  buffer >>= bits
  count -= bits
  return value
}

function copyStored(): bool {
  take(count & 7)
  const from = next - <usize>(count >> 3)
  if (from + 4 > last) return false
  const length = <usize>load<u16>(from)
  if ((length ^ 0xffff) !== <usize>load<u16>(from, 2)) return false
  if (from + 4 + length > last || target + length > limit) return false
  memory.copy(target, from + 4, length)
  target += length
  next = from + 4 + length
  buffer = 0
  count = 0
  return true
}

function readFixed(): bool {
  memory.fill(lengths, 8, 144)
  memory.fill(lengths + 144, 9, 112)
  memory.fill(lengths + 256, 7, 24)
  memory.fill(lengths + 280, 8, 8)
  if (!buildTable(lengths, mostLiterals, looks, lookBits, longCodes)) return false
  memory.fill(lengths, 5, 32)
  return buildTable(lengths, 32, distanceLooks, distanceLookBits, longDistances) && copyBlock()
}

function readDynamic(): bool {
  const literals = take(5) + 257
  const distances = take(5) + 1
  const stored = take(4) + 4
  if (literals > 286 || distances > 30) return false
  memory.fill(lengths, 0, 320)
  for (let i = 0; i < stored; i++) {
    refill()
    store<u8>(lengths + <usize>load<u8>(lengthOrder + <usize>i), <u8>take(3))
  }
  if (!buildTable(lengths, 19, distanceLooks, distanceLookBits, longDistances)) return false
  const all = literals + distances
  memory.fill(lengths, 0, 320)
  for (let i = 0; i < all;) {
    refill()
    const entry = entryOf(buffer, distanceLooks, distanceLookBits, longDistances)
    if (entry === 0 || next > last + overrun) return false
    take(entry & 15)
    const symbol = entry >> 4
    if (symbol < 16) {
      store<u8>(lengths + <usize>i, <u8>symbol)
      i++
      continue
    }
    if (symbol === 16 && i === 0) return false
    const repeated = symbol === 16 ? load<u8>(lengths + <usize>(i - 1)) : 0
    const times = symbol === 16 ? 3 + take(2) : symbol === 17 ? 3 + take(3) : 11 + take(7)
    if (i + times > all) return false
    memory.fill(lengths + <usize>i, repeated, <usize>times)
    i += times
  }
  if (load<u8>(lengths + <usize>endOfBlock) === 0) return false
  return (
    buildTable(lengths, literals, looks, lookBits, longCodes) &&
    buildTable(
      lengths + <usize>literals,
      distances,
      distanceLooks,
      distanceLookBits,
      longDistances,
    ) &&
    copyBlock()
  )
}

/** Codes of the symbols by their lengths; false where they leave a sequence of bits without a meaning, or give it two. */
function buildTable(from: usize, symbols: i32, look: usize, bits: i32, long: usize): bool {
  memory.fill(long, 0, 64)
  for (let i = 0; i < symbols; i++) {
    const slot = long + ((<usize>load<u8>(from + <usize>i)) << 2)
    store<i32>(slot, load<i32>(slot) + 1)
  }
  store<i32>(long, 0)
  let code = 0
  let place = 0
  for (let length = 1; length <= 15; length++) {
    const slot = (<usize>length) << 2
    code <<= 1
    store<i32>(firstCodes + slot, code)
    store<i32>(places + slot, place)
    code += load<i32>(long + slot)
    place += load<i32>(long + slot)
    if (code > 1 << length) return false
  }
  if (code !== 1 << 15) return false
  memory.fill(look, 0, (<usize>4) << bits)
  for (let symbol = 0; symbol < symbols; symbol++) {
    const length = <i32>load<u8>(from + <usize>symbol)
    if (length === 0) continue
    const slot = (<usize>length) << 2
    const own = load<i32>(firstCodes + slot)
    store<i32>(firstCodes + slot, own + 1)
    const at = load<i32>(places + slot)
    store<i32>(places + slot, at + 1)
    store<u16>(long + 64 + ((<usize>at) << 1), <u16>symbol)
    if (length > bits) continue
    for (let i = reversed(own, length); i < 1 << bits; i += 1 << length) {
      store<i32>(look + ((<usize>i) << 2), (symbol << 4) | length)
    }
  }
  return true
}

/** Codes come with their highest bit first, everything else with its lowest. */
function reversed(code: i32, bits: i32): i32 {
  let result = 0
  for (; bits > 0; bits--, code >>= 1) result = (result << 1) | (code & 1)
  return result
}

/** What the bits begin with: symbol × 16 + the bits of its code; 0 where it is no code. */
function entryOf(bits: u64, look: usize, lookedAt: i32, long: usize): i32 {
  const entry = load<i32>(look + ((<usize>bits & ((1 << lookedAt) - 1)) << 2))
  return entry !== 0 ? entry : longEntryOf(bits, long)
}

function longEntryOf(bits: u64, long: usize): i32 {
  let code = 0
  let first = 0
  let place = 0
  for (let length = 1; length <= 15; length++, bits >>= 1) {
    code |= <i32>(bits & 1)
    const codes = load<i32>(long + ((<usize>length) << 2))
    if (code - first < codes) {
      const at = long + 64 + ((<usize>(place + code - first)) << 1)
      return ((<i32>load<u16>(at)) << 4) | length
    }
    place += codes
    first = (first + codes) << 1
    code <<= 1
  }
  return 0
}

/** Literals and copies up to the end of the block. */
function copyBlock(): bool {
  let bits = buffer
  let left = count
  let at = next
  let out = target
  for (;;) {
    if (left <= 32) {
      if (at > last + overrun) return false
      bits |= (<u64>load<u32>(at)) << left
      left += 32
      at += 4
    }
    const entry = entryOf(bits, looks, lookBits, longCodes)
    if (entry === 0) return false
    bits >>= entry & 15
    left -= entry & 15
    let symbol = entry >> 4
    if (symbol < endOfBlock) {
      if (out >= limit) return false
      store<u8>(out++, <u8>symbol)
      continue
    }
    if (symbol === endOfBlock) break
    symbol -= 257
    if (symbol > 28) return false
    const more = <i32>load<u8>(lengthExtras + <usize>symbol)
    const length =
      <usize>load<u16>(lengthBases + ((<usize>symbol) << 1)) + (<usize>bits & ((1 << more) - 1))
    bits >>= more
    left -= more
    if (left <= 32) {
      bits |= (<u64>load<u32>(at)) << left
      left += 32
      at += 4
    }
    const far = entryOf(bits, distanceLooks, distanceLookBits, longDistances)
    const kind = far >> 4
    if (far === 0 || kind > 29) return false
    bits >>= far & 15
    const farther = kind < 2 ? 0 : (kind >> 1) - 1
    const distance =
      <usize>load<u16>(distanceBases + ((<usize>kind) << 1)) + (<usize>bits & ((1 << farther) - 1))
    bits >>= farther
    left -= (far & 15) + farther
    if (out - origin < distance || out + length > limit) return false
    copyBack(out, length, distance)
    out += length
  }
  buffer = bits
  count = left
  next = at
  target = out
  return true
}

/** Repeats what stands `distance` in front; up to 8 bytes more are written. */
function copyBack(out: usize, length: usize, distance: usize): void {
  const from = out - distance
  if (distance >= 8) {
    for (let i: usize = 0; i < length; i += 8) store<u64>(out + i, load<u64>(from + i))
  } else {
    for (let i: usize = 0; i < length; i++) store<u8>(out + i, load<u8>(from + i))
  }
}

/** Bytes whose sums stay below 2³². */
const adlerRun = 5552
const adlerModulus: u32 = 65_521

/** The sum that stands behind the data. */
function adler(from: usize, size: i32): u32 {
  let sum: u32 = 1
  let sums: u32 = 0
  const first = i16x8(16, 15, 14, 13, 12, 11, 10, 9)
  const second = i16x8(8, 7, 6, 5, 4, 3, 2, 1)
  while (size > 0) {
    const run = min(size, adlerRun)
    size -= run
    const end = from + <usize>run
    for (; from + 16 <= end; from += 16) {
      const bytes = v128.load(from)
      const pairs = i16x8.extadd_pairwise_i8x16_u(bytes)
      const weighted = i32x4.add(
        i32x4.dot_i16x8_s(i16x8.extend_low_i8x16_u(bytes), first),
        i32x4.dot_i16x8_s(i16x8.extend_high_i8x16_u(bytes), second),
      )
      sums += 16 * sum + addUp(weighted)
      sum += addUp(i32x4.extadd_pairwise_i16x8_u(pairs))
    }
    for (; from < end; from++) {
      sum += load<u8>(from)
      sums += sum
    }
    sum %= adlerModulus
    sums %= adlerModulus
  }
  return (sums << 16) | sum
}

function addUp(numbers: v128): u32 {
  const pairs = i32x4.add(numbers, v128.shuffle<i32>(numbers, numbers, 2, 3, 0, 1))
  return <u32>(i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1))
}
