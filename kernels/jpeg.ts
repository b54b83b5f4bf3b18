/**
 * JPEG of the most usual kind: Huffman-coded in one baseline scan with 8 bits a sample, grey or three components of which
 * the colours are stored whole, at half the width, or at half of width and height. The pixels are those of libjpeg with its
 * defaults, to the last bit. What is odd about a file in any way is not read, and only the memory named here is touched.
 */
import { convertRow, copyRows, enlargeRow } from './jpeg-colours'
import { isUsedUp, openBits, overrun, readBlock } from './jpeg-huffman'
import {
  acTableOf,
  blocksAcross,
  blocksDown,
  componentCount,
  dcTableOf,
  quantiserOf,
  readSegments,
  restartInterval,
} from './jpeg-segments'
import { fillBlock, transformBlock } from './jpeg-transform'
export { reserve } from './memory'

/** Coefficients of the block at hand; zeros between blocks. */
const block = memory.data(64 * 4, 16)
/** Of each component the first coefficient of its last block, its samples' address, and how many make a row. */
const lastDc = memory.data(3 * 4, 4)
const planes = memory.data(3 * 4, 4)
const strides = memory.data(3 * 4, 4)

/** Samples are made in whole units, of at most 16 in both directions, and rows may be read and written 64 bytes further. */
const largestUnit = 16
const slack = 64

/** Bytes that `decodeJpeg` needs at `scratch` for a file of `length` bytes. */
export function scratchBytes(length: i32, height: i32, width: i32): i32 {
  const row = rounded(width) + slack
  return codeBytes(length) + 3 * row * rounded(height) + 4 * row + slack
}

function rounded(side: i32): i32 {
  return (side + largestUnit - 1) & ~(largestUnit - 1)
}

function codeBytes(length: i32): i32 {
  return (length + <i32>overrun + 15) & ~15
}

/** Writes the pixels of a file to `out`, where 64 bytes more may be written; false where it isn't of that kind and size. */
export function decodeJpeg(
  bytes: usize,
  length: i32,
  height: i32,
  width: i32,
  channels: i32,
  scratch: usize,
  out: usize,
): bool {
  const end = bytes + <usize>length
  const scan = readSegments(bytes + 2, end, height, width, channels)
  if (scan === 0) return false
  const across = (width + 8 * blocksAcross(0) - 1) / (8 * blocksAcross(0))
  const down = (height + 8 * blocksDown(0) - 1) / (8 * blocksDown(0))
  const rows = placePlanes(scratch + <usize>codeBytes(length), across, down)
  memory.fill(block, 0, 256)
  if (!readScan(scan, end, scratch, across, down)) return false
  if (componentCount === 1) {
    copyRows(load<usize>(planes), load<i32>(strides), height, width, out)
  } else writeColours(height, width, rows, out)
  return true
}

/** Gives the components their memory; returns what lies behind it. */
function placePlanes(at: usize, across: i32, down: i32): usize {
  for (let i = 0; i < componentCount; i++) {
    const slot = (<usize>i) << 2
    const stride = 8 * across * blocksAcross(i)
    store<usize>(planes + slot, at)
    store<i32>(strides + slot, stride)
    at += <usize>(stride * 8 * down * blocksDown(i))
  }
  return (at + 15) & ~15
}

/** Reads all units, between restarts if there are any, up to the end of the picture. */
function readScan(at: usize, end: usize, code: usize, across: i32, down: i32): bool {
  const units = across * down
  const interval = restartInterval > 0 ? restartInterval : units
  for (let start = 0, number = 0; start < units; start += interval, number++) {
    const codeEnd = unstuff(at, end, code)
    if (unstuffed === 0) return false
    openBits(code, codeEnd)
    memory.fill(lastDc, 0, 12)
    for (let unit = start; unit < min(start + interval, units); unit++) {
      if (!readUnit(unit % across, unit / across)) return false
    }
    if (!isUsedUp()) return false
    const isLast = start + interval >= units
    const marker = isLast ? 0xd9 : 0xd0 + (number & 7)
    if (<i32>load<u8>(unstuffed, 1) !== marker) return false
    at = unstuffed + 2
  }
  return true
}

/** Where the marker behind the bits unstuffed last stands; 0 where there is none. */
let unstuffed: usize = 0

/** Copies coded bits up to the next marker without the zeros that follow on bytes of ones; returns their end. */
function unstuff(from: usize, end: usize, to: usize): usize {
  unstuffed = 0
  for (;;) {
    // Sixteen at once where none is 0xff; what is copied beyond the end is overwritten.
    while (from + 16 <= end) {
      const some = v128.load(from)
      const ones = i8x16.bitmask(i8x16.eq(some, i8x16.splat(-1)))
      v128.store(to, some)
      const clear = ones === 0 ? 16 : ctz(ones)
      from += <usize>clear
      to += <usize>clear
      if (ones !== 0) break
    }
    while (from < end && load<u8>(from) !== 0xff) store<u8>(to++, load<u8>(from++))
    if (from + 2 > end) return to
    if (load<u8>(from, 1) !== 0) break
    store<u8>(to++, 0xff)
    from += 2
  }
  unstuffed = from
  return to
}

/** Reads the blocks of all components in one unit. */
function readUnit(column: i32, row: i32): bool {
  for (let i = 0; i < componentCount; i++) {
    const slot = (<usize>i) << 2
    const across = blocksAcross(i)
    const down = blocksDown(i)
    const stride = <usize>load<i32>(strides + slot)
    for (let y = 0; y < down; y++) {
      for (let x = 0; x < across; x++) {
        const last = readBlock(block, dcTableOf(i), acTableOf(i), quantiserOf(i), lastDc + slot)
        if (last < 0) return false
        const samples = load<usize>(planes + slot) + ((<usize>(row * down + y)) << 3) * stride
        const out = samples + ((<usize>(column * across + x)) << 3)
        if (last === 0) fillBlock(block, out, stride)
        else transformBlock(block, out, stride)
      }
    }
  }
  return true
}

/** Converts all rows, the colours made as large as the brightness; `rows` has room for two of them and their sums. */
function writeColours(height: i32, width: i32, rows: usize, out: usize): void {
  const isWide = blocksAcross(0) === 2
  const isTall = blocksDown(0) === 2
  const count = isWide ? (width + 1) >> 1 : width
  const last = (isTall ? (height + 1) >> 1 : height) - 1
  const step = <usize>(rounded(width) + slack)
  const stride = <usize>load<i32>(strides, 4)
  for (let y = 0; y < height; y++) {
    const near = isTall ? y >> 1 : y
    const far = isTall ? max(0, min(last, near + ((y & 1) === 1 ? 1 : -1))) : near
    let blueness = load<usize>(planes, 4) + <usize>near * stride
    let redness = load<usize>(planes, 8) + <usize>near * stride
    if (isWide) {
      const away = (<usize>far - <usize>near) * stride
      enlargeRow(blueness, blueness + away, count, isTall, rows + 2 * step, rows)
      enlargeRow(redness, redness + away, count, isTall, rows + 2 * step, rows + step)
      blueness = rows
      redness = rows + step
    }
    convertRow(
      load<usize>(planes) + <usize>y * <usize>load<i32>(strides),
      blueness,
      redness,
      width,
      out,
    )
    out += 3 * <usize>width
  }
}
