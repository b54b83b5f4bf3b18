/** The same seven small images, written in every format that is read. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after } from 'node:test'
import { gzipSync } from 'node:zlib'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { pack } from 'tar-stream'
import { tensor, type Tensor } from '../../src/tensor/index.ts'

/** Images in the reference set. */
export const COUNT = 7
const HEIGHT = 4
const WIDTH = 6

/** Interleaved bytes of reference image `index`. */
export function referenceBytes(index: number, channels: 1 | 3): Uint8Array {
  return Uint8Array.from(
    { length: HEIGHT * WIDTH * channels },
    (_, i) => (index * 31 + i * 7 + (i % channels) * 50) % 256,
  )
}

/** The reference images as a source must deliver them. */
export function referencePixels(channels: 1 | 3): Tensor {
  const area = HEIGHT * WIDTH
  const data = new Float32Array(COUNT * channels * area)
  for (let index = 0; index < COUNT; index++) {
    referenceBytes(index, channels).forEach((byte, i) => {
      const channel = i % channels
      data[(index * channels + channel) * area + Math.floor(i / channels)] = byte / 255
    })
  }
  return tensor([COUNT, channels, HEIGHT, WIDTH], data)
}

/** A PNG of interleaved bytes. */
export async function png(bytes: Uint8Array, channels: 1 | 3, width = WIDTH): Promise<Uint8Array> {
  const height = bytes.length / channels / width
  const image = sharp(bytes, { raw: { width, height, channels } })
  return image
    .toColourspace(channels === 1 ? 'b-w' : 'srgb')
    .png()
    .toBuffer()
}

/** The reference images as PNG files: `a/0.png`, `b/1.png`, `a/2.png`, … in reading order. */
export async function referenceFiles(channels: 1 | 3 = 3): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>()
  for (let index = 0; index < COUNT; index++) {
    const folder = index < 4 ? 'cats' : 'dogs/small'
    files.set(`${folder}/${index}.png`, await png(referenceBytes(index, channels), channels))
  }
  return files
}

/** A new empty folder, removed when the test file ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pixeldrift-images-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Writes files below a folder and returns the folder. */
export async function writeFolder(
  files: ReadonlyMap<string, Uint8Array | string>,
): Promise<string> {
  const folder = temporaryFolder()
  for (const [name, bytes] of files) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), bytes)
  }
  return folder
}

/** Writes one file into a new folder and returns its path. */
export async function writeOne(name: string, bytes: Uint8Array | string): Promise<string> {
  return join(await writeFolder(new Map([[name, bytes]])), name)
}

/** A tar archive of the files. */
export async function tarOf(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const archive = pack()
  for (const [name, bytes] of files) archive.entry({ name }, bytes)
  archive.finalize()
  const chunks: Uint8Array[] = []
  for await (const chunk of archive) chunks.push(chunk as Uint8Array)
  return Buffer.concat(chunks)
}

/** A zip archive of the files. */
export function zipOf(files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  return zipSync(Object.fromEntries(files))
}

/** An IDX file of unsigned bytes. */
export function idxOf(shape: readonly number[], bytes: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + shape.length * 4)
  header.set([0, 0, 8, shape.length])
  shape.forEach((axis, i) => header.writeUInt32BE(axis, 4 + i * 4))
  return Buffer.concat([header, bytes])
}

/** An NPY file of format 1.0. */
export function npyOf(
  shape: readonly number[],
  bytes: Uint8Array,
  { descr = '|u1', fortranOrder = false } = {},
): Uint8Array {
  const axes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const order = fortranOrder ? 'True' : 'False'
  const text = `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': (${axes}), }`
  const padded = text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11) + '\n'
  const start = Buffer.from('\x93NUMPY\x01\x00\x00\x00', 'latin1')
  start.writeUInt16LE(padded.length, 8)
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), bytes])
}

/** All reference images as one run of interleaved bytes. */
export function allReferenceBytes(channels: 1 | 3): Uint8Array {
  return Buffer.concat(Array.from({ length: COUNT }, (_, i) => referenceBytes(i, channels)))
}

/** Gzip. */
export function gzip(bytes: Uint8Array): Uint8Array {
  return gzipSync(bytes)
}

/** Shape of the reference images as an array file states it. */
export const GREY_SHAPE = [COUNT, HEIGHT, WIDTH] as const
/** With the channels last. */
export const COLOUR_SHAPE = [COUNT, HEIGHT, WIDTH, 3] as const
