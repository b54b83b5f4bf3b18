import { crc32 } from 'node:zlib'
import type { Random } from '../../src/tensor/index.ts'

type Spoil = (bytes: Uint8Array, random: Random) => Uint8Array

/** Values that sizes, counts and offsets trip over. */
const EXTREMES = [0, 1, 0x7f, 0x80, 0xfe, 0xff]

/** Ways in which files come to harm, by accident or on purpose. */
const SPOILS: readonly Spoil[] = [cut, flip, setExtremes, overwrite, insert, remove, repeat, move]

/** The file with its checksums made to fit again, so that what they protect is read too. */
export function mend(bytes: Uint8Array): Uint8Array {
  const view = Buffer.from(bytes)
  if (view.toString('latin1', 1, 4) === 'PNG') mendPng(view)
  else if (view.toString('latin1', 257, 262) === 'ustar') mendTar(view)
  return view
}

function mendPng(bytes: Buffer): void {
  for (let at = 8; at + 12 <= bytes.length;) {
    const end = at + 12 + bytes.readUInt32BE(at)
    if (end > bytes.length) return
    bytes.writeUInt32BE(crc32(bytes.subarray(at + 4, end - 4)), end - 4)
    at = end
  }
}

function mendTar(bytes: Buffer): void {
  for (let at = 0; at + 512 <= bytes.length; at += 512) {
    if (bytes.toString('latin1', at + 257, at + 262) !== 'ustar') continue
    const header = bytes.subarray(at, at + 512)
    header.write('        ', 148)
    const sum = header.reduce((total, byte) => total + byte, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  }
}

/** The file with one to three kinds of harm done to it. */
export function spoil(bytes: Uint8Array, random: Random): Uint8Array {
  let spoilt: Uint8Array = Uint8Array.from(bytes)
  for (let i = 0; i <= random.integer(3); i++) {
    if (spoilt.length > 0) spoilt = SPOILS[random.integer(SPOILS.length)](spoilt, random)
  }
  return spoilt
}

function cut(bytes: Uint8Array, random: Random): Uint8Array {
  return bytes.subarray(0, random.integer(bytes.length))
}

function flip(bytes: Uint8Array, random: Random): Uint8Array {
  for (let i = 0; i <= random.integer(8); i++) {
    bytes[random.integer(bytes.length)] ^= 1 << random.integer(8)
  }
  return bytes
}

/** Near the beginning, where headers are, as often as anywhere. */
function setExtremes(bytes: Uint8Array, random: Random): Uint8Array {
  const reach = random.integer(2) === 0 ? Math.min(64, bytes.length) : bytes.length
  const at = random.integer(reach)
  const value = EXTREMES[random.integer(EXTREMES.length)]
  // A Buffer refuses an end beyond its own.
  return bytes.fill(value, at, Math.min(bytes.length, at + 1 + random.integer(8)))
}

function overwrite(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = slice(bytes, random)
  for (let i = start; i < end; i++) bytes[i] = random.integer(256)
  return bytes
}

function insert(bytes: Uint8Array, random: Random): Uint8Array {
  const at = random.integer(bytes.length)
  const added = Uint8Array.from({ length: 1 + random.integer(40) }, () => random.integer(256))
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at)])
}

function remove(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = slice(bytes, random)
  return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
}

function repeat(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = slice(bytes, random)
  return Buffer.concat([bytes.subarray(0, end), bytes.subarray(start)])
}

function move(bytes: Uint8Array, random: Random): Uint8Array {
  const { start, end } = slice(bytes, random)
  bytes.copyWithin(random.integer(bytes.length), start, end)
  return bytes
}

function slice(bytes: Uint8Array, random: Random): { start: number; end: number } {
  const start = random.integer(bytes.length)
  return { start, end: Math.min(bytes.length, start + 1 + random.integer(200)) }
}
