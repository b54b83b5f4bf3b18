import { DriftError } from '../../errors.ts'
import {
  type ImageSource,
  MODEL_OUTPUT_NAMES,
  openSent,
  pictureFiles,
  type PictureFile,
} from '../../images/index.ts'
import type { Body, UnpackAnswer, UnpackedImage, UnpackRequest } from './unpacking-messages.ts'

/** Of one answer. */
const MOST_IMAGES = 64
const MOST_BYTES = 8 * 1024 * 1024

/** Answers what an unpacking process is asked, of one body after the other. */
export function createUnpacking(): (request: UnpackRequest) => Promise<UnpackAnswer> {
  let open: AsyncGenerator<readonly UnpackedImage[]> | undefined
  return async (request) => {
    if (request.kind === 'open') {
      await open?.return(undefined)
      const { body } = request
      const { path, kinds, column, layout, limits } = body
      const source = await openSent(path, kinds, { column, layout, pixelLimit: limits.pixels })
      await requireWhole(source, body)
      open = partsOf(source, body)
      return { opened: { isNamed: source.isNamed === true } }
    }
    if (open === undefined) return 'lost'
    const { value, done } = await open.next()
    return { images: done === true ? [] : value }
  }
}

/** Throws where it is damaged, holds no image, or more than it may. */
async function requireWhole(source: ImageSource, { limits }: Body): Promise<void> {
  let [images, bytes] = [0, 0]
  for await (const size of sizesOf(source)) {
    images++
    bytes += size
    if (images > limits.images) throw tooMuch(limits.images, 'images')
    if (bytes > limits.bytes) throw tooMuch(limits.bytes, 'bytes of images')
  }
  if (images === 0) throw new DriftError('source.empty', 'expected images, found none')
}

/** Bytes of each image, pixels of arrays counted as bytes. */
async function* sizesOf(source: ImageSource): AsyncGenerator<number> {
  if (source.files !== undefined) {
    for await (const file of source.files({})) yield 'bytes' in file ? file.bytes.length : 0
    return
  }
  let skipped = 0
  for await (const { pixels, records } of source.batches({
    batchSize: MOST_IMAGES,
    onSkip: () => skipped++,
  })) {
    for (const _ of records) yield pixels.data.length / records.length
  }
  for (; skipped > 0; skipped--) yield 0
}

function tooMuch(most: number, what: string): DriftError {
  return new DriftError(
    'image.too-large',
    `expected at most ${most} ${what} in one body, got more`,
    {
      hint: 'Send it in parts.',
    },
  )
}

async function* partsOf(
  source: ImageSource,
  { limits }: Body,
): AsyncGenerator<readonly UnpackedImage[]> {
  let [part, bytes]: [UnpackedImage[], number] = [[], 0]
  for await (const file of pictureFiles(source)) {
    const image = unpackedOf(file, limits.imageBytes)
    const size = 'bytes' in image ? image.bytes.length : 0
    if (part.length > 0 && (part.length === MOST_IMAGES || bytes + size > MOST_BYTES)) {
      yield part
      ;[part, bytes] = [[], 0]
    }
    part.push(image)
    bytes += size
  }
  if (part.length > 0) yield part
}

function unpackedOf(file: PictureFile, mostBytes: number): UnpackedImage {
  const { record } = file
  if ('error' in file) return { record, code: file.error.code, message: file.error.message }
  const { bytes, modelOutputs = {} } = file
  if (bytes.length > mostBytes) {
    const message = `expected at most ${mostBytes} bytes, got ${bytes.length}: ${record.id}`
    return { record, code: 'image.too-large', message }
  }
  const outputs = Object.fromEntries(
    MODEL_OUTPUT_NAMES.flatMap((name) => {
      const values = modelOutputs[name]?.values
      return values === undefined ? [] : [[name, [...values]]]
    }),
  )
  return { record, bytes, outputs }
}
