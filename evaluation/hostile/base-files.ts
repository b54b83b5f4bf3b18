import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateRawSync, gzipSync } from 'node:zlib'
import { ByteWriter, parquetWrite } from 'hyparquet-writer'
import sharp, { type Sharp } from 'sharp'
import type { Random } from '../../src/tensor/index.ts'
import { CONTAINERS, makePicture, type Picture } from '../containers/write-containers.ts'

/** A sound file to be spoilt. */
export type BaseFile = { readonly name: string; readonly bytes: Uint8Array }

/** Kinds of files that images come in. */
export const KINDS = [
  'jpeg',
  'jpeg, progressive',
  'png',
  'png, palette',
  'png, 16 bits',
  'webp',
  'tiff',
  'tiff, 16 bits',
  'gif',
  'avif',
  'bmp',
  'tar',
  'tar.gz',
  'zip',
  'npz',
  'parquet',
  'npy',
  'npy, float16',
  'idx',
] as const

export type Kind = (typeof KINDS)[number]

const IMAGES = 3

/** A sound file of a kind with small random pictures. */
export async function baseFile(kind: Kind, random: Random): Promise<BaseFile> {
  const side = 8 + random.integer(25)
  const pictures = await Promise.all(
    Array.from({ length: IMAGES }, async () => {
      const bytes = Uint8Array.from({ length: 3 * side * side }, () => random.integer(256))
      return makePicture(bytes, side, side)
    }),
  )
  return fileOf(kind, pictures)
}

/** A file of a kind that holds given pictures; of a kind for one picture, the first. */
export async function fileOf(kind: Kind, pictures: readonly Picture[]): Promise<BaseFile> {
  return { name: NAMES[kind], bytes: await MAKERS[kind](pictures) }
}

const NAMES: Readonly<Record<Kind, string>> = {
  jpeg: 'a.jpg',
  'jpeg, progressive': 'a.jpg',
  png: 'a.png',
  'png, palette': 'a.png',
  'png, 16 bits': 'a.png',
  webp: 'a.webp',
  tiff: 'a.tif',
  'tiff, 16 bits': 'a.tif',
  gif: 'a.gif',
  avif: 'a.avif',
  bmp: 'a.bmp',
  tar: 'a.tar',
  'tar.gz': 'a.tar.gz',
  zip: 'a.zip',
  npz: 'a.npz',
  parquet: 'a.parquet',
  npy: 'a.npy',
  'npy, float16': 'a.npy',
  idx: 'a.idx',
}

type Make = (pictures: readonly Picture[]) => Promise<Uint8Array>

const MAKERS: Readonly<Record<Kind, Make>> = {
  jpeg: async ([{ jpeg }]) => jpeg,
  'jpeg, progressive': encoded((image) => image.jpeg({ progressive: true })),
  png: inContainer('png'),
  'png, palette': encoded((image) => image.png({ palette: true })),
  'png, 16 bits': inContainer('png, 16 bits'),
  webp: inContainer('webp, lossless'),
  tiff: inContainer('tiff, lzw'),
  'tiff, 16 bits': inContainer('tiff, 16 bits, deflate'),
  gif: encoded((image) => image.gif()),
  avif: encoded((image) => image.avif({ effort: 0 })),
  bmp: async ([picture]) => bmp(picture),
  tar: inContainer('tar of png'),
  'tar.gz': async (pictures) => gzipSync(await inContainer('tar of png')(pictures)),
  zip: async (pictures) => zip(pictures.map(({ jpeg }, i) => [`${i}.jpg`, jpeg] as const)),
  npz: async (pictures) => zip([['images.npy', await inContainer('npy, uint8')(pictures)]]),
  parquet: async (pictures) => {
    const writer = new ByteWriter()
    const data = pictures.map(({ jpeg }) => jpeg)
    await parquetWrite({ writer, columnData: [{ name: 'image', data, type: 'BYTE_ARRAY' }] })
    return new Uint8Array(writer.getBuffer())
  },
  npy: inContainer('npy, uint8'),
  'npy, float16': inContainer('npy, float16'),
  idx: async (pictures) => idx(pictures),
}

function encoded(by: (image: Sharp) => Sharp): Make {
  return async ([{ bytes, side }]) =>
    by(sharp(bytes, { raw: { width: side, height: side, channels: 3 } })).toBuffer()
}

/** One of the containers that pictures are written to; of a folder its first file. */
function inContainer(name: string): Make {
  return async (pictures) => {
    const folder = await mkdtemp(join(tmpdir(), 'hostile-'))
    try {
      const path = join(folder, 'written')
      await CONTAINERS.find((container) => container.name === name)?.write(path, pictures)
      const entries = await readdir(path).catch(() => [])
      return await readFile(entries.length === 0 ? path : join(path, entries[0]))
    } finally {
      await rm(folder, { recursive: true })
    }
  }
}

/** 24 bits a pixel, from the bottom up. */
function bmp({ bytes, side }: Picture): Uint8Array {
  const stride = Math.ceil((side * 3) / 4) * 4
  const file = Buffer.alloc(54 + stride * side)
  file.write('BM')
  file.writeUInt32LE(54, 10)
  file.writeUInt32LE(40, 14)
  file.writeInt32LE(side, 18)
  file.writeInt32LE(side, 22)
  file.writeUInt16LE(24, 28)
  for (let y = 0; y < side; y++) {
    file.set(bytes.subarray(y * side * 3, (y + 1) * side * 3), 54 + (side - 1 - y) * stride)
  }
  return file
}

function idx(pictures: readonly Picture[]): Uint8Array {
  const [{ side }] = pictures
  const header = Buffer.alloc(16)
  header.set([0, 0, 8, 3])
  for (const [i, axis] of [pictures.length, side, side].entries()) {
    header.writeUInt32BE(axis, 4 + 4 * i)
  }
  return Buffer.concat([header, ...pictures.map(({ bytes }) => bytes.subarray(0, side * side))])
}

/** A zip archive of packed entries. */
function zip(files: readonly (readonly [name: string, bytes: Uint8Array])[]): Uint8Array {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, bytes] of files) {
    const packed = deflateRawSync(bytes)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(
      Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, tail, Buffer.from(name)]),
    )
    parts.push(local)
    offset += local.length
  }
  const listed = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06')
  end.writeUInt16LE(files.length, 8)
  end.writeUInt16LE(files.length, 10)
  end.writeUInt32LE(listed.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, listed, end])
}
