import type { ImageShape, ImageSource } from '../../src/images/index.ts'
import { elementCount, type Tensor } from '../../src/tensor/index.ts'

/** Images as 8-bit NCHW, a quarter of the memory of float32, each with the index of its class. */
export type PackedImages = {
  readonly shape: ImageShape
  readonly count: number
  readonly pixels: Uint8Array
  readonly labels: Uint8Array
  /** Names of the classes, by index. */
  readonly classes: readonly string[]
}

/** Reads a whole source of labelled 8-bit images; values that aren't k/255 are a RangeError. */
export async function packImages(
  source: ImageSource,
  classes: readonly string[],
): Promise<PackedImages> {
  const parts: Uint8Array[] = []
  const labels: number[] = []
  let shape: ImageShape | undefined
  for await (const { pixels, records } of source.batches({ batchSize: 1024, strict: true })) {
    const [, channels = 0, height = 0, width = 0] = pixels.shape
    shape = { channels, height, width }
    parts.push(packValues(pixels.data, source.location))
    labels.push(...records.map(({ label = '' }) => classIndex(label, classes, source.location)))
  }
  if (shape === undefined) throw new RangeError(`expected images in ${source.location}, got none`)
  const pixels = Buffer.concat(parts)
  return { shape, count: labels.length, pixels, labels: Uint8Array.from(labels), classes }
}

/** The listed images as float32 N×C×H×W in [0, 1], in that order. */
export function unpackImages(images: PackedImages, rows: ArrayLike<number>): Tensor {
  const { channels, height, width } = images.shape
  const size = elementCount([channels, height, width])
  const data = new Float32Array(rows.length * size)
  for (let i = 0; i < rows.length; i++) {
    const start = rows[i] * size
    for (let k = 0; k < size; k++) data[i * size + k] = images.pixels[start + k] / 255
  }
  return { shape: [rows.length, channels, height, width], data }
}

/** Class indices of the listed images, in that order. */
export function unpackLabels(images: PackedImages, rows: ArrayLike<number>): Uint8Array {
  return Uint8Array.from({ length: rows.length }, (_, i) => images.labels[rows[i]])
}

/** One after the other; shapes and classes must agree. */
export function joinImages(first: PackedImages, second: PackedImages): PackedImages {
  const { shape, classes } = first
  if (JSON.stringify([shape, classes]) !== JSON.stringify([second.shape, second.classes])) {
    throw new RangeError('expected two sets of images of the same shape and classes')
  }
  return {
    shape,
    classes,
    count: first.count + second.count,
    pixels: Buffer.concat([first.pixels, second.pixels]),
    labels: Buffer.concat([first.labels, second.labels]),
  }
}

function packValues(values: Float32Array, location: string): Uint8Array {
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] * 255
    bytes[i] = Math.round(value)
    if (Math.abs(value - bytes[i]) > 1e-3) {
      throw new RangeError(`expected 8-bit values, got ${value}/255 in ${location}`)
    }
  }
  return bytes
}

function classIndex(label: string, classes: readonly string[], location: string): number {
  const index = classes.indexOf(label)
  if (index < 0)
    throw new RangeError(`expected a class of ${classes.join(', ')}, got "${label}" in ${location}`)
  return index
}
