import { encodeLossless } from './codec/encode.ts'
import { DriftError } from '../errors.ts'
import { sliceRows } from '../tensor/index.ts'
import type { BatchOptions, ImageBatch, ImageSource, PictureFile } from './image-source.ts'
import { MODEL_OUTPUT_NAMES } from './model-outputs/model-outputs.ts'
import type { ModelOutputRow } from './model-outputs/collect-model-outputs.ts'

/** Of one batch, so that memory stays small. */
const TOGETHER = 64

/** Every image of a source as a file, in its order: those that are files as they are, pixels of arrays as PNG, of 8 or 16 bits. */
export async function* pictureFiles(
  source: ImageSource,
  { signal }: Pick<BatchOptions, 'signal'> = {},
): AsyncGenerator<PictureFile> {
  if (source.files !== undefined) {
    yield* source.files({ signal })
    return
  }
  let left: PictureFile[] = []
  const onSkip: BatchOptions['onSkip'] = ({ id, code, message }) => {
    left.push({ record: { id }, error: new DriftError(code as DriftError['code'], message) })
  }
  for await (const batch of source.batches({ batchSize: TOGETHER, onSkip, signal })) {
    requireWritable(batch, source.location)
    yield* left
    left = []
    yield* await Promise.all(batch.records.map((_, row) => pictureOf(batch, row)))
  }
  yield* left
}

async function pictureOf(batch: ImageBatch, row: number): Promise<PictureFile> {
  const { pixels, records } = batch
  const { shape, data } = sliceRows(pixels, row, row + 1)
  const bytes = await encodeLossless({ shape: shape.slice(1), data })
  return { record: records[row], modelOutputs: outputsOf(batch, row), bytes }
}

function outputsOf({ modelOutputs = {}, records }: ImageBatch, row: number): ModelOutputRow {
  return Object.fromEntries(
    MODEL_OUTPUT_NAMES.flatMap((name) => {
      const all = modelOutputs[name]
      if (all === undefined) return []
      const values = sliceRows(all, row, row + 1).data
      return [[name, { values, where: `${name} of ${records[row].id}` }]]
    }),
  )
}

function requireWritable({ pixels }: ImageBatch, location: string): void {
  const [, channels] = pixels.shape
  if (channels === 1 || channels === 3) return
  throw new DriftError(
    'image.shape',
    `expected 1 or 3 channels, got ${channels} in ${location}: a picture file has no more`,
  )
}
