import type { ImageShape } from '../../images/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { requirePixels } from '../pixel-rows.ts'
import type { PlaceMeter, Representation } from '../representation.ts'
import type { RepresentationKind } from '../representation-kind.ts'
import {
  decodeFloats,
  decodeJson,
  encodeFloats,
  encodeJson,
  requireShape,
  type SavedFiles,
} from '../saved-files.ts'
import { placeMeasureFor } from './measure-places.ts'
import { writeSteps } from './whole-steps.ts'
import { FARTHEST_DEVIATIONS, placesOf, STEPS_PER_DEVIATION } from './place-map.ts'

const kind = 'places'
const shapeFile = 'places.json'
const scaleFile = 'places.f32'

/** Half a grey level in 8 bits: a place that training images leave alone still has a scale. */
const LEAST_DEVIATION = 1 / 510
/** Training images that the scales are learned from at most. */
const MOST_LEARNED = 10_000
const ROWS_AT_ONCE = 16

/** Mean and standard deviation of every place. */
type PlaceScale = { readonly mean: Float32Array; readonly deviation: Float32Array }

/** Maps of the frame, learned of training images as far as their scale goes; they are no columns of an image. */
function createPlaces(shape: ImageShape, scale: PlaceScale): Representation {
  const { channels, height, width } = shape
  return {
    kind,
    columns: [],
    needs: { of: 'pixels' },
    measureInto: async () => {},
    places: createMeter(shape, scale),
    save: () =>
      new Map([
        [shapeFile, encodeJson({ channels, height, width })],
        [scaleFile, encodeFloats([...scale.mean, ...scale.deviation])],
      ]),
  }
}

function createMeter(shape: ImageShape, { mean, deviation }: PlaceScale): PlaceMeter {
  const { maps, measure } = placeMeasureFor(shape)
  const width = mean.length
  const limit = FARTHEST_DEVIATIONS * STEPS_PER_DEVIATION
  const scale = { mean, perUnit: deviation.map((one) => STEPS_PER_DEVIATION / one), limit }
  const block = new Float32Array(ROWS_AT_ONCE * width)
  return {
    maps,
    measure(pixels) {
      const rows = requirePixels(pixels, shape)
      const values = new Int8Array(rows * width)
      for (let start = 0; start < rows; start += ROWS_AT_ONCE) {
        const count = Math.min(ROWS_AT_ONCE, rows - start)
        for (let i = 0; i < count; i++) {
          measure(imageAt(pixels, start + i), block.subarray(i * width, (i + 1) * width))
        }
        const target = values.subarray(start * width, (start + count) * width)
        writeSteps(block.subarray(0, count * width), scale, target)
      }
      return values
    },
  }
}

function imageAt({ shape: [rows], data }: Tensor, row: number): Float32Array {
  const size = data.length / rows
  return data.subarray(row * size, (row + 1) * size)
}

function learnScale(shape: ImageShape, pixels: Tensor): PlaceScale {
  const { maps, measure } = placeMeasureFor(shape)
  const width = placesOf(maps)
  const rows = requirePixels(pixels, shape)
  const step = Math.max(1, rows / MOST_LEARNED)
  const own = new Float32Array(width)
  const sums = new Float64Array(width)
  const squares = new Float64Array(width)
  let count = 0
  for (let at = 0; at < rows; at += step, count++) {
    measure(imageAt(pixels, Math.floor(at)), own)
    for (let i = 0; i < width; i++) {
      sums[i] += own[i]
      squares[i] += own[i] * own[i]
    }
  }
  const mean = Float32Array.from(sums, (sum) => sum / count)
  const deviation = Float32Array.from(squares, (square, i) =>
    Math.max(LEAST_DEVIATION, Math.sqrt(Math.max(0, square / count - (sums[i] / count) ** 2))),
  )
  return { mean, deviation }
}

function loadPlaces(files: SavedFiles): Representation {
  const shape = requireShape(decodeJson(files, shapeFile))
  const width = placesOf(placeMeasureFor(shape).maps)
  const scale = decodeFloats(files, scaleFile, 2 * width)
  return createPlaces(shape, { mean: scale.slice(0, width), deviation: scale.slice(width) })
}

/** What is always at the same place of the frame. */
export const placesKind: RepresentationKind = {
  name: kind,
  file: shapeFile,
  isLater: true,
  fit: ({ shape, training }) => createPlaces(shape, learnScale(shape, training.pixels)),
  load: loadPlaces,
}
