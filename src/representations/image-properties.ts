import type { ImageShape } from '../images/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { colourFamily } from './image-properties/colour.ts'
import { detailFamily } from './image-properties/detail.ts'
import { layoutFamily } from './image-properties/layout.ts'
import type { PropertyFamily } from './image-properties/property-family.ts'
import { toneFamily } from './image-properties/tone.ts'
import { waveletFamily } from './image-properties/wavelet.ts'
import { requirePixels } from './pixel-rows.ts'
import type { Representation } from './representation.ts'
import { decodeJson, encodeJson, requireShape, type SavedFiles } from './saved-files.ts'

const kind = 'image-properties'
const shapeFile = 'image-properties.json'

/** General measures of tone, detail, layout and colour; nothing is learned. Linear in the pixels, about 15 ns each. */
export function createImageProperties(shape: ImageShape): Representation {
  const families = [
    toneFamily(shape),
    detailFamily(shape),
    waveletFamily(shape),
    layoutFamily(shape),
    ...(shape.channels > 1 ? [colourFamily(shape)] : []),
  ]
  const { channels, height, width } = shape
  return {
    kind,
    columns: families.flatMap((family) => family.columns),
    transform: async (pixels) => measureImages(pixels, shape, families),
    save: () => new Map([[shapeFile, encodeJson({ channels, height, width })]]),
  }
}

/** Rebuilds what `save` wrote. */
export function loadImageProperties(files: SavedFiles): Representation {
  return createImageProperties(requireShape(decodeJson(files, shapeFile)))
}

function measureImages(
  pixels: Tensor,
  shape: ImageShape,
  families: readonly PropertyFamily[],
): Float32Array {
  const rows = requirePixels(pixels, shape)
  const size = shape.channels * shape.height * shape.width
  const columnCount = families.reduce((count, family) => count + family.columns.length, 0)
  const out = new Float32Array(rows * columnCount)
  const plane = new Float32Array(shape.height * shape.width)
  for (let row = 0, at = 0; row < rows; row++) {
    const values = pixels.data.subarray(row * size, (row + 1) * size)
    const grey = shape.channels === 1 ? values : averageChannels(values, plane)
    for (const family of families) {
      family.measure({ values, grey }, out, at)
      at += family.columns.length
    }
  }
  return out
}

/** Mean over the channels, written into `plane`. */
function averageChannels(values: Float32Array, plane: Float32Array): Float32Array {
  const size = plane.length
  const channels = values.length / size
  plane.set(values.subarray(0, size))
  for (let c = 1; c < channels; c++) {
    const start = c * size
    for (let i = 0; i < size; i++) plane[i] += values[start + i]
  }
  for (let i = 0; i < size; i++) plane[i] /= channels
  return plane
}
