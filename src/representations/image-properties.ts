import type { ImageShape } from '../images/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { colourColumns } from './image-properties/colour.ts'
import { detailColumns } from './image-properties/detail.ts'
import { layoutColumns } from './image-properties/layout.ts'
import { toneColumns } from './image-properties/tone.ts'
import { waveletColumns } from './image-properties/wavelet.ts'
import { copyRows } from './feature-table.ts'
import { requireInput } from './inputs.ts'
import { alignBytes, loadKernels } from './kernels/kernels.ts'
import { requirePixels } from './pixel-rows.ts'
import type { ColumnTarget, Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import { decodeJson, encodeJson, requireShape, type SavedFiles } from './saved-files.ts'

const kind = 'image-properties'
const shapeFile = 'image-properties.json'

/** Bytes of images measured in one go: they stay within the processor's cache. */
const bytesPerCall = 1 << 17

/** General measures of tone, detail, layout and colour; nothing is learned. Linear in the pixels, about 3 ns each. */
export function createImageProperties(shape: ImageShape): Representation {
  // In the order in which kernels/image-properties.ts writes them.
  const columns = [
    ...toneColumns,
    ...detailColumns,
    ...waveletColumns,
    ...layoutColumns,
    ...(shape.channels > 1 ? colourColumns(shape.channels) : []),
  ]
  const { channels, height, width } = shape
  return {
    kind,
    columns,
    needs: { of: 'pixels' },
    measureInto: async (inputs, target) =>
      runKernel(requireInput(inputs, 'pixels'), { shape, columns: columns.length, target }),
    save: () => new Map([[shapeFile, encodeJson({ channels, height, width })]]),
  }
}

/** Rebuilds what `save` wrote. */
export function loadImageProperties(files: SavedFiles): Representation {
  return createImageProperties(requireShape(decodeJson(files, shapeFile)))
}

/** The general measures of the pixels. */
export const imagePropertiesKind: RepresentationKind = {
  name: kind,
  file: shapeFile,
  fit: ({ shape }) => createImageProperties(shape),
  load: loadImageProperties,
}

type Measured = {
  readonly shape: ImageShape
  readonly columns: number
  readonly target: ColumnTarget
}

function runKernel(pixels: Tensor, { shape, columns, target }: Measured): void {
  const rows = requirePixels(pixels, shape)
  const { channels, height, width } = shape
  const kernels = loadKernels()
  const size = channels * height * width
  const perCall = Math.max(1, Math.min(rows, Math.floor(bytesPerCall / (4 * size))))
  const imageBytes = alignBytes(4 * size * perCall) + 64
  const outBytes = alignBytes(4 * columns * perCall)
  const scratchBytes = kernels.scratchBytes(channels, height, width)
  const images = kernels.reserve(imageBytes + outBytes + scratchBytes)
  const out = images + imageBytes
  const memory = new Float32Array(kernels.memory.buffer)
  for (let start = 0; start < rows; start += perCall) {
    const end = Math.min(rows, start + perCall)
    const count = end - start
    memory.set(pixels.data.subarray(start * size, end * size), images / 4)
    kernels.measureImages(images, count, channels, height, width, out, columns, out + outBytes)
    const values = memory.subarray(out / 4, out / 4 + count * columns)
    copyRows({ values, width: columns }, target, start)
  }
}
