import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import sharp, { type Sharp } from 'sharp'

/** A picture as it was decoded from its JPEG: interleaved bytes, three channels. */
export type Picture = {
  readonly jpeg: Uint8Array
  readonly bytes: Uint8Array
  readonly side: number
}

/** JPEGs of interleaved RGB bytes of side² pixels, and what they hold. */
export async function makePicture(bytes: Uint8Array, from: number, side: number): Promise<Picture> {
  const jpeg = await sharp(bytes, { raw: { width: from, height: from, channels: 3 } })
    .resize(side, side, { kernel: 'cubic' })
    .jpeg({ quality: 90 })
    .toBuffer()
  return { jpeg, bytes: await sharp(jpeg).raw().toBuffer(), side }
}

type Container = {
  readonly name: string
  /** What its files say of themselves, as far as containers differ; null of arrays, which say nothing. */
  readonly file: string | null
  write(path: string, of: readonly Picture[]): Promise<void>
}

/** Twelve ways to keep the same pixels. */
export const CONTAINERS: readonly Container[] = [
  folder('jpeg', ['jpg', 'JPEG'], async ({ jpeg }) => jpeg),
  folder('png', ['png', 'PNG, 8 bits'], async (picture) => shallow(picture).png().toBuffer()),
  folder('png, 16 bits', ['png', 'PNG, 16 bits'], async (picture) =>
    deep(picture).png().toBuffer(),
  ),
  folder('tiff, lzw', ['tif', 'TIFF, 8 bits'], async (picture) =>
    shallow(picture).tiff({ compression: 'lzw' }).toBuffer(),
  ),
  folder('tiff, 16 bits, deflate', ['tif', 'TIFF, 16 bits'], async (picture) =>
    deep(picture).tiff({ compression: 'deflate' }).toBuffer(),
  ),
  folder('webp, lossless', ['webp', 'WebP'], async (picture) =>
    shallow(picture).webp({ lossless: true }).toBuffer(),
  ),
  { name: 'tar of png', file: 'PNG, 8 bits', write: writeTar },
  array('npy, uint8', '|u1', (bytes) => bytes),
  array('npy, uint16', '<u2', (bytes) => Uint16Array.from(bytes, (value) => value * 257)),
  array('npy, float16', '<f2', (bytes) =>
    Uint16Array.from(bytes, (value) => binary16(value / 255)),
  ),
  array('npy, float32', '<f4', (bytes) => Float32Array.from(bytes, (value) => value / 255)),
  array('npy, float64', '<f8', (bytes) => Float64Array.from(bytes, (value) => value / 255)),
]

function folder(
  name: string,
  [ending, file]: readonly [ending: string, file: string],
  encode: (of: Picture) => Promise<Uint8Array>,
): Container {
  return {
    name,
    file,
    write: async (path, pictures) => {
      await mkdir(path)
      for (const [i, picture] of pictures.entries()) {
        await writeFile(join(path, `${numbered(i)}.${ending}`), await encode(picture))
      }
    },
  }
}

const numbered = (i: number): string => String(i).padStart(5, '0')

const raw = ({ side }: Picture) => ({ raw: { width: side, height: side, channels: 3 } }) as const

function shallow(picture: Picture): Sharp {
  return sharp(picture.bytes, raw(picture))
}

function deep(picture: Picture): Sharp {
  const values = Uint16Array.from(picture.bytes, (value) => value * 257)
  return sharp(values, raw(picture)).toColourspace('rgb16')
}

const BLOCK = 512

async function writeTar(path: string, pictures: readonly Picture[]): Promise<void> {
  const files = pictures.map(async (picture, i): Promise<NamedBytes> => {
    return [`${numbered(i)}.png`, await shallow(picture).png().toBuffer()]
  })
  await writeFile(path, packTar(await Promise.all(files)))
}

type NamedBytes = readonly [name: string, bytes: Uint8Array]

/** A plain tar of files with short names. */
export function packTar(files: readonly NamedBytes[]): Uint8Array {
  const parts = files.flatMap(([name, bytes]) => {
    const padding = Buffer.alloc((BLOCK - (bytes.length % BLOCK)) % BLOCK)
    return [tarHeader(name, bytes.length), bytes, padding]
  })
  return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)])
}

function tarHeader(name: string, size: number): Uint8Array {
  const header = Buffer.alloc(BLOCK)
  header.write(name, 0)
  header.write('0000644\0', 100)
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  header.write('00000000000\0', 136)
  header.write('        0', 148)
  header.write('ustar\x0000', 257)
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return header
}

function array(
  name: string,
  descr: string,
  convert: (bytes: Uint8Array) => NodeJS.TypedArray,
): Container {
  return {
    name,
    file: null,
    write: async (path, pictures) => {
      const [{ side }] = pictures
      const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${pictures.length}, ${side}, ${side}, 3), }`
      const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
      const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
      start.writeUInt16LE(padded.length, 8)
      const values = pictures.map(({ bytes }) => {
        const { buffer, byteOffset, byteLength } = convert(bytes)
        return new Uint8Array(buffer, byteOffset, byteLength)
      })
      await writeFile(path, Buffer.concat([start, Buffer.from(padded, 'latin1'), ...values]))
    },
  }
}

/** IEEE 754 binary16 of a number in [0, 1]. */
function binary16(value: number): number {
  if (value === 0) return 0
  const exponent = Math.max(-14, Math.floor(Math.log2(value)))
  return Math.round(value * 2 ** (10 - exponent)) + ((exponent + 14) << 10)
}
