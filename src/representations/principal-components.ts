import { DriftError } from '../errors.ts'
import type { ImageShape } from '../images/index.ts'
import { createRandom, elementCount, type Random, type Tensor } from '../tensor/index.ts'
import { blockAverageFor } from './block-average.ts'
import { covarianceOf } from './covariance.ts'
import { leadingEigenvectors } from './leading-eigenvectors.ts'
import { imageShapeOf, requirePixels } from './pixel-rows.ts'
import { projectionOf } from './projection.ts'
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

const kind = 'principal-components'
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

/** What a fit found, on images averaged down. */
type Fitted = {
  readonly shape: ImageShape
  readonly maxSide: number
  readonly mean: Float32Array
  /** One unit vector per component, row-major. */
  readonly directions: Float32Array
}

/** Coordinates of each image along the directions in which the training images vary most. Memory and time are
 * bounded for any image size: components beyond 16 pixels a side would describe detail that the image
 * properties measure better. */
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
  const size = rows.length / Math.min(training.shape[0], sampleSize)
  const count = Math.min(components, size, rows.length / size - 1)
  const { mean, matrix } = covarianceOf(rows, size)
  const { vectors } = leadingEigenvectors(matrix, { size, count, random })
  const directions = new Float32Array(count * size)
  vectors.forEach((vector, k) => directions.set(vector, k * size))
  return representationOf({ shape, maxSide, mean: Float32Array.from(mean), directions })
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
  const size = mean.length
  const count = directions.length / size
  const projection = projectionOf(directions, centring(directions, mean), size)
  const imageSize = valueCount(shape)
  return {
    kind,
    columns: Array.from({ length: count }, (_, k) => componentColumn(k)),
    transform: async (pixels) => {
      const rows = requirePixels(pixels, shape)
      const out = new Float32Array(rows * count)
      const small = new Float32Array(size)
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

/** −direction_k · mean, so that the training mean projects to 0. */
function centring(directions: Float32Array, mean: Float32Array): Float32Array {
  return Float32Array.from({ length: directions.length / mean.length }, (_, k) => {
    let sum = 0
    for (let j = 0; j < mean.length; j++) sum -= directions[k * mean.length + j] * mean[j]
    return sum
  })
}

function valueCount({ channels, height, width }: ImageShape): number {
  return channels * height * width
}
