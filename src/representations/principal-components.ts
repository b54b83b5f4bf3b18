import { DriftError } from '../errors.ts'
import type { ImageShape } from '../images/index.ts'
import { createRandom, elementCount, type Random, type Tensor } from '../tensor/index.ts'
import { blockAverageFor } from './block-average.ts'
import { imageShapeOf, requirePixels } from './pixel-rows.ts'
import {
  fitPrincipalDirections,
  type PrincipalDirections,
  principalProjection,
} from './principal-directions.ts'
import type { FeatureColumn, Representation } from './representation.ts'
import {
  decodeFloats,
  decodeJson,
  encodeFloats,
  encodeJson,
  requireCount,
  requireShape,
  type SavedFiles,
} from './saved-files.ts'

const headerFile = 'principal-components.json'
const meanFile = 'principal-components.mean.f32'
const directionsFile = 'principal-components.directions.f32'

export type FitPrincipalComponentsOptions = {
  /** N×C×H×W in [0, 1]: images of no other split. */
  readonly training: Tensor
  readonly seed: number
  /** Default 32; fewer where images or pixels are too few. */
  readonly components?: number
  /** Images are averaged down in whole pixels until no side is longer; default 16. */
  readonly maxSide?: number
  /** Training images drawn for the fit; default 4096. */
  readonly sampleSize?: number
}

/** How images are averaged down, and the directions found on the result. */
type Fitted = PrincipalDirections & { readonly shape: ImageShape; readonly maxSide: number }

/** Coordinates of each image along the directions in which the training images vary most. Memory and time are
 * bounded for any image size: the leading components are coarse, and 16 pixels a side hold them. */
export function fitPrincipalComponents({
  training,
  seed,
  components = 32,
  maxSide = 16,
  sampleSize = 4096,
}: FitPrincipalComponentsOptions): Representation {
  const random = createRandom(seed)
  const shape = imageShapeOf(training)
  const rows = sampleRows(training, { maxSide, sampleSize, random })
  const size = valueCount(blockAverageFor(shape, maxSide).shape)
  const fitted = fitPrincipalDirections(rows, { size, count: components, random })
  return representationOf({ shape, maxSide, ...fitted })
}

/** Rebuilds what `save` wrote. */
export function loadPrincipalComponents(files: SavedFiles): Representation {
  const header = decodeJson(files, headerFile)
  const shape = requireShape(header)
  const maxSide = requireCount(header, 'maxSide')
  const size = valueCount(blockAverageFor(shape, maxSide).shape)
  const count = requireCount(header, 'components')
  return representationOf({
    shape,
    maxSide,
    mean: decodeFloats(files, meanFile, size),
    directions: decodeFloats(files, directionsFile, count * size),
  })
}

function representationOf({ shape, maxSide, mean, directions }: Fitted): Representation {
  const blocks = blockAverageFor(shape, maxSide)
  const projection = principalProjection({ mean, directions })
  const { count } = projection
  const imageSize = valueCount(shape)
  return {
    kind: 'principal-components',
    columns: Array.from({ length: count }, (_, k) => componentColumn(k)),
    transform: async (pixels) => {
      const rows = requirePixels(pixels, shape)
      const out = new Float32Array(rows * count)
      const small = new Float32Array(mean.length)
      for (let row = 0; row < rows; row++) {
        blocks.average(pixels.data.subarray(row * imageSize, (row + 1) * imageSize), small)
        projection.project(small, out, row * count)
      }
      return out
    },
    save: () =>
      new Map([
        [headerFile, encodeJson({ ...shape, maxSide, components: count })],
        [meanFile, encodeFloats(mean)],
        [directionsFile, encodeFloats(directions)],
      ]),
  }
}

function componentColumn(k: number): FeatureColumn {
  return {
    name: `component-${k + 1}`,
    group: 'component',
    title: `principal component ${k + 1} of the training images`,
  }
}

/** A random sample of the training images, averaged down, row-major. */
function sampleRows(
  training: Tensor,
  options: { readonly maxSide: number; readonly sampleSize: number; readonly random: Random },
): Float32Array {
  const count = training.shape[0]
  if (count < 2) {
    throw new DriftError('data.insufficient', `expected at least 2 training images, got ${count}`)
  }
  const blocks = blockAverageFor(imageShapeOf(training), options.maxSide)
  const imageSize = elementCount(training.shape.slice(1))
  const size = valueCount(blocks.shape)
  const chosen = options.random.sample(count, Math.min(count, options.sampleSize))
  const rows = new Float32Array(chosen.length * size)
  chosen.forEach((image, row) => {
    const values = training.data.subarray(image * imageSize, (image + 1) * imageSize)
    blocks.average(values, rows.subarray(row * size, (row + 1) * size))
  })
  return rows
}

function valueCount({ channels, height, width }: ImageShape): number {
  return channels * height * width
}
