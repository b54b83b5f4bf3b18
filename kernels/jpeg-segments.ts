/** What stands in front of a JPEG's scan, where all of it is usual. */
import { readTable } from './jpeg-huffman'

const mostComponents = 3

/** A component: its name, its blocks across and down in a unit of the scan, its tables. */
const componentBytes: usize = 32
const nameAt: usize = 0
const acrossAt: usize = 4
const downAt: usize = 8
const quantiserAt: usize = 12
const dcAt: usize = 16
const acAt: usize = 20
const list = memory.data(mostComponents * 32, 16)

/** Four quantisation tables of 64 numbers, in zigzag order. */
const quantisers = memory.data(4 * 64 * 4, 16)

/** Tables that the file at hand has: a bit each, Huffman tables below, quantisation tables above. */
let known: i32 = 0
const firstQuantiser = 8

/** How many components there are; 0 before the frame. */
export let componentCount: i32 = 0
/** Units between two restarts; 0 for none. */
export let restartInterval: i32 = 0
let isJfif: bool = false

/** Blocks of a component in a unit, side by side. */
export function blocksAcross(component: i32): i32 {
  return load<i32>(componentAt(component), acrossAt)
}

/** Blocks of a component in a unit, one below the other. */
export function blocksDown(component: i32): i32 {
  return load<i32>(componentAt(component), downAt)
}

/** Address of a component's quantisation table. */
export function quantiserOf(component: i32): usize {
  return quantisers + ((<usize>load<i32>(componentAt(component), quantiserAt)) << 8)
}

/** Number of the Huffman table for a component's first coefficients. */
export function dcTableOf(component: i32): i32 {
  return load<i32>(componentAt(component), dcAt)
}

/** Number of the Huffman table for its others. */
export function acTableOf(component: i32): i32 {
  return load<i32>(componentAt(component), acAt)
}

function componentAt(component: i32): usize {
  return list + <usize>component * componentBytes
}

/** Reads the segments from `at` on; returns where the scan's bits begin, 0 where anything is unusual or of another size. */
export function readSegments(at: usize, end: usize, height: i32, width: i32, channels: i32): usize {
  known = 0
  componentCount = 0
  restartInterval = 0
  isJfif = false
  while (at + 4 <= end) {
    if (load<u8>(at) !== 0xff) return 0
    const marker = <i32>load<u8>(at, 1)
    const length = readShort(at + 2)
    const content = at + 4
    const next = at + 2 + <usize>length
    if (length < 2 || next > end) return 0
    const left = length - 2
    if (marker === 0xda) {
      return componentCount === channels && readScan(content, left) ? next : 0
    }
    if (marker === 0xc0 || marker === 0xc1) {
      if (!readFrame(content, left, height, width)) return 0
    } else if (marker === 0xc4) {
      if (!readHuffman(content, left)) return 0
    } else if (marker === 0xdb) {
      if (!readQuantisers(content, left)) return 0
    } else if (marker === 0xdd) {
      if (left !== 2) return 0
      restartInterval = readShort(content)
    } else if (marker === 0xe0) {
      if (!readJfif(content, left)) return 0
    } else if (!isPassedOver(marker)) return 0
    at = next
  }
  return 0
}

/** Comments and what programs add, but for what says how the colours are stored. */
function isPassedOver(marker: i32): bool {
  return marker === 0xfe || (marker > 0xe0 && marker <= 0xef && marker !== 0xee)
}

function readShort(at: usize): i32 {
  return ((<i32>load<u8>(at)) << 8) | <i32>load<u8>(at, 1)
}

/** `JFIF` and a zero, of version 1. */
function readJfif(at: usize, left: i32): bool {
  if (left < 14 || load<u32>(at) !== 0x4649464a || load<u8>(at, 4) !== 0) return true
  isJfif = true
  return load<u8>(at, 5) === 1
}

/** Tables of numbers of one byte, or of two. */
function readQuantisers(at: usize, left: i32): bool {
  while (left > 0) {
    const kind = <i32>load<u8>(at)
    const bytes = 1 + (kind >> 4)
    const table = kind & 15
    const length = 1 + 64 * bytes
    if (bytes > 2 || table > 3 || left < length) return false
    const to = quantisers + ((<usize>table) << 8)
    for (let i: usize = 0; i < 64; i++) {
      const from = at + 1 + i * <usize>bytes
      const value = bytes === 1 ? <i32>load<u8>(from) : readShort(from)
      // libjpeg takes it for a number with a sign.
      if (value > 0x7fff) return false
      store<i32>(to + (i << 2), value)
    }
    known |= 1 << (firstQuantiser + table)
    at += <usize>length
    left -= length
  }
  return true
}

function readHuffman(at: usize, left: i32): bool {
  while (left > 0) {
    const kind = <i32>load<u8>(at)
    if (kind > 0x13 || (kind & 15) > 3) return false
    const table = ((kind >> 4) << 2) | (kind & 15)
    const length = readTable(table, at + 1, left - 1)
    if (length === 0) return false
    known |= 1 << table
    at += 1 + <usize>length
    left -= 1 + length
  }
  return true
}

function readFrame(at: usize, left: i32, height: i32, width: i32): bool {
  if (componentCount > 0 || left < 6 || load<u8>(at) !== 8) return false
  if (height === 0 || width === 0) return false
  if (readShort(at + 1) !== height || readShort(at + 3) !== width) return false
  const count = <i32>load<u8>(at, 5)
  if ((count !== 1 && count !== mostComponents) || left !== 6 + 3 * count) return false
  componentCount = count
  for (let i = 0; i < count; i++) {
    const from = at + 6 + 3 * <usize>i
    const to = componentAt(i)
    const factors = <i32>load<u8>(from, 1)
    const quantiser = <i32>load<u8>(from, 2)
    if (quantiser > 3) return false
    store<i32>(to, <i32>load<u8>(from), nameAt)
    store<i32>(to, factors >> 4, acrossAt)
    store<i32>(to, factors & 15, downAt)
    store<i32>(to, quantiser, quantiserAt)
  }
  return count === 1 ? isSomething() : isUsualSampling()
}

/** A component alone comes block by block, whatever its factors are. */
function isSomething(): bool {
  const isValid = isFactor(blocksAcross(0)) && isFactor(blocksDown(0))
  store<i32>(list, 1, acrossAt)
  store<i32>(list, 1, downAt)
  return isValid
}

function isFactor(factor: i32): bool {
  return factor >= 1 && factor <= 4
}

/** Brightness once, twice or four times as often as each colour. */
function isUsualSampling(): bool {
  const isWhole = blocksAcross(1) === 1 && blocksDown(1) === 1
  if (!isWhole || blocksAcross(2) !== 1 || blocksDown(2) !== 1) return false
  const across = blocksAcross(0)
  const down = blocksDown(0)
  return (across === 1 && down === 1) || (across === 2 && (down === 1 || down === 2))
}

/** One scan of all components and all coefficients, with tables that there are. */
function readScan(at: usize, left: i32): bool {
  const count = componentCount
  if (count === 0 || left !== 4 + 2 * count || <i32>load<u8>(at) !== count) return false
  let areNumbered = true
  for (let i = 0; i < count; i++) {
    const from = at + 1 + 2 * <usize>i
    const to = componentAt(i)
    const name = load<i32>(to, nameAt)
    const tables = <i32>load<u8>(from, 1)
    const dc = tables >> 4
    const ac = tables & 15
    if (<i32>load<u8>(from) !== name || dc > 3 || ac > 3) return false
    const needed =
      (1 << dc) | (1 << (4 + ac)) | (1 << (firstQuantiser + load<i32>(to, quantiserAt)))
    if ((known & needed) !== needed) return false
    store<i32>(to, dc, dcAt)
    store<i32>(to, 4 + ac, acAt)
    areNumbered = areNumbered && name === i + 1
  }
  const rest = at + 1 + 2 * <usize>count
  const isWhole = load<u8>(rest) === 0 && load<u8>(rest, 1) === 63 && load<u8>(rest, 2) === 0
  // The colours are brightness and two differences from it.
  return isWhole && (count === 1 || isJfif || areNumbered)
}
