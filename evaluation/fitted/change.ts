import { jpegCompression } from '../../src/images/index.ts'
import type { Random, Tensor } from '../../src/tensor/index.ts'
import type { PixelChange } from '../protocol/pixel-change.ts'

/** A change of images, or of which images there are. */
export type Change = {
  /** Kebab-case, unique within its data set. */
  readonly name: string
  readonly title: string
  /** What in the product's features is nearest to it; the reader should know what was made with what in mind. */
  readonly kin?: string
  /** N×C×H×W, changed; absent where no pixel changes. */
  readonly apply?: PixelChange
  /** Class of which the stated share is left out. */
  readonly missing?: number
}

/** As a camera would deliver them, or stored once more as the reference was: rounding to grey levels leaves no trace then. */
export const FORMS = ['as-is', 'saved-again'] as const

export type Form = (typeof FORMS)[number]

/** Quality and colour resolution that the archive's photographs were stored with. */
const ARCHIVE_QUALITY = 75

/** The images as they arrive: rounded to 8 bits, or through the reference's own kind of file. */
export async function arrive(pixels: Tensor, form: Form, random: Random): Promise<Tensor> {
  if (form === 'saved-again')
    return jpegCompression.apply(pixels, { random, quality: ARCHIVE_QUALITY })
  const data = pixels.data.map((value) => Math.round(255 * Math.min(1, Math.max(0, value))) / 255)
  return { shape: pixels.shape, data }
}
