import { DriftError } from '../errors.ts'
import { FREE, ops } from '../engine/index.ts'
import type { ImageShape } from '../images/index.ts'
import {
  createRandom,
  elementCount,
  type Random,
  sliceRows,
  type Tensor,
  tensor,
} from '../tensor/index.ts'
import { type BlockAverage, blockAverageFor } from './block-average.ts'
import { copyRows } from './feature-table.ts'
import { requireInput } from './inputs.ts'
import { type LazySession, lazySession } from './lazy-session.ts'
import { imageShapeOf, requirePixels } from './pixel-rows.ts'
import {
  fitPrincipalDirections,
  loadDirections,
  type PrincipalDirections,
  principalOffsets,
  saveDirections,
} from './principal-directions.ts'
import { projectNodes } from './projection.ts'
import type { FeatureColumn, Representation } from './representation.ts'
import type { RepresentationKind } from './representation-kind.ts'
import {
  decodeJson,
  encodeJson,
  requireCount,
  requireShape,
  type SavedFiles,
} from './saved-files.ts'

const kind = 'principal-components'
const headerFile = 'principal-components.json'

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
 * bounded for any image size: the leading components are coarse, and 16 pixels a side hold them. They are computed in a
 * session that opens when first needed. */
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
  return representationOf({ shape, maxSide, ...loadDirections(files, kind, { size, count }) })
}

/** The coordinates along the leading directions of the training images. */
export const principalComponentsKind: RepresentationKind = {
  name: kind,
  file: headerFile,
  fit: ({ training: { pixels }, seed }) => fitPrincipalComponents({ training: pixels, seed }),
  load: loadPrincipalComponents,
}

function representationOf(fitted: Fitted): Representation {
  const { shape, maxSide, mean, directions } = fitted
  const blocks = blockAverageFor(shape, maxSide)
  const count = directions.length / mean.length
  const isFolded = count * valueCount(shape) <= largestFold
  const session = projectingSession(fitted, isFolded ? blocks : undefined)
  return {
    kind,
    columns: Array.from({ length: count }, (_, k) => componentColumn(k)),
    needs: { of: 'pixels' },
    measureInto: async (inputs, target) => {
      const pixels = requireInput(inputs, 'pixels')
      const rows = requirePixels(pixels, shape)
      const images = isFolded
        ? pixels
        : averageImages(
            pixels,
            Uint32Array.from({ length: rows }, (_, row) => row),
            blocks,
          )
      const part = (start: number, end: number) => sliceRows(images, start, end)
      await session.run({ count: rows, part }, ({ components }, start) =>
        copyRows({ values: components.data, width: count }, target, start),
      )
    },
    save: () =>
      new Map([
        [headerFile, encodeJson({ ...shape, maxSide, components: count })],
        ...saveDirections(kind, fitted),
      ]),
    close: () => session.close(),
  }
}

/** Directions up to this many values are spread over the pixels, which saves averaging each image. */
const largestFold = 1 << 20
/** Values per run; a run itself costs as much as the products of some ten thousand. */
const valuesPerRun = 1 << 20

/** Takes whole images where their blocks are folded into the directions, else images already averaged down. */
function projectingSession(fitted: Fitted, folded: BlockAverage | undefined): LazySession {
  const { shape, maxSide, mean, directions } = fitted
  const taken = folded === undefined ? blockAverageFor(shape, maxSide).shape : shape
  const input = ops.input('images', [FREE, taken.channels, taken.height, taken.width])
  const size = valueCount(taken)
  const count = directions.length / mean.length
  const spread = new Float32Array(count * size)
  for (let k = 0; k < count; k++) {
    const direction = directions.subarray(k * mean.length, (k + 1) * mean.length)
    spread.set(folded?.spread(direction) ?? direction, k * size)
  }
  const rows = ops.reshape(input, [FREE, size])
  return lazySession({
    name: 'pixeldrift-principal-components',
    input,
    inputName: 'images',
    outputs: { components: projectNodes(rows, spread, principalOffsets(fitted)) },
    rowsPerRun: Math.max(1, Math.min(1024, Math.floor(valuesPerRun / size))),
  })
}

function averageImages(pixels: Tensor, chosen: ArrayLike<number>, blocks: BlockAverage): Tensor {
  const imageSize = elementCount(pixels.shape.slice(1))
  const { channels, height, width } = blocks.shape
  const size = valueCount(blocks.shape)
  const out = new Float32Array(chosen.length * size)
  for (let row = 0; row < chosen.length; row++) {
    const from = chosen[row] * imageSize
    const values = pixels.data.subarray(from, from + imageSize)
    blocks.average(values, out.subarray(row * size, (row + 1) * size))
  }
  return tensor([chosen.length, channels, height, width], out)
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
  const chosen = options.random.sample(count, Math.min(count, options.sampleSize))
  return averageImages(training, chosen, blocks).data
}

function valueCount({ channels, height, width }: ImageShape): number {
  return channels * height * width
}
