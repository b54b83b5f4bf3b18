import { tensor, type Tensor } from '../tensor/index.ts'
import { errorColour } from './error-colours.ts'
import type { PictureColumn } from './report-data.ts'

/** Levels an error map is rounded to: finer ones are invisible and cost file size. */
const ERROR_LEVELS = 48

/** Averages C×H×W over blocks until neither side is longer than `edge`; smaller images stay as they are. */
export function shrinkPicture(image: Tensor, edge: number): Tensor {
  const [channels, height, width] = sizeOf(image)
  const scale = Math.max(height, width) / edge
  if (scale <= 1) return image
  const size = {
    height: Math.max(1, Math.round(height / scale)),
    width: Math.max(1, Math.round(width / scale)),
  }
  const data = new Float32Array(channels * size.height * size.width)
  for (let c = 0; c < channels; c++) {
    const plane = image.data.subarray(c * height * width, (c + 1) * height * width)
    for (let y = 0; y < size.height; y++) {
      const rows = span(y, size.height, height)
      for (let x = 0; x < size.width; x++) {
        const columns = span(x, size.width, width)
        data[(c * size.height + y) * size.width + x] = blockMean(plane, width, { rows, columns })
      }
    }
  }
  return tensor([channels, size.height, size.width], data)
}

/** Paints an error map H×W as 3×H×W, with `ceiling` as the brightest colour. */
export function paintError(error: Tensor, ceiling: number): Tensor {
  const [, height, width] = sizeOf(error)
  const area = height * width
  const data = new Float32Array(3 * area)
  for (let i = 0; i < area; i++) {
    const level = Math.round(Math.min(1, error.data[i] / ceiling) * ERROR_LEVELS)
    errorColour(level / ERROR_LEVELS).forEach((value, c) => {
      data[c * area + i] = value
    })
  }
  return tensor([3, height, width], data)
}

/** The error that all but one pixel in 200 of these pictures stay below; one scale makes them comparable. */
export function errorCeiling(columns: readonly PictureColumn[]): number {
  const errors = columns.flatMap(({ error }) => [...shrinkPicture(asPlanes(error), 64).data])
  const sorted = Float32Array.from(errors.filter(Number.isFinite)).toSorted()
  const quantile = sorted[Math.floor((sorted.length - 1) * 0.995)] ?? 0
  return quantile > 1e-6 ? quantile : 1
}

/** One or three channels as they are, any other number averaged to grey. */
export function asGreyOrColour(image: Tensor): Tensor {
  const [channels, height, width] = sizeOf(image)
  if (channels === 1 || channels === 3) return asPlanes(image)
  const area = height * width
  const data = new Float32Array(area)
  image.data.forEach((value, i) => {
    data[i % area] = data[i % area] + value / channels
  })
  return tensor([1, height, width], data)
}

/** H×W as 1×H×W; C×H×W as it is. */
export function asPlanes(image: Tensor): Tensor {
  return image.shape.length === 2 ? tensor([1, ...image.shape], image.data) : image
}

function sizeOf(image: Tensor): [channels: number, height: number, width: number] {
  const [channels = 1, height = 1, width = 1] = asPlanes(image).shape
  return [channels, height, width]
}

type Span = readonly [start: number, end: number]

function span(index: number, parts: number, whole: number): Span {
  const start = Math.floor((index * whole) / parts)
  return [start, Math.max(start + 1, Math.floor(((index + 1) * whole) / parts))]
}

function blockMean(
  plane: Float32Array,
  width: number,
  block: { readonly rows: Span; readonly columns: Span },
): number {
  const { rows, columns } = block
  let sum = 0
  for (let y = rows[0]; y < rows[1]; y++) {
    for (let x = columns[0]; x < columns[1]; x++) sum += plane[y * width + x]
  }
  return sum / ((rows[1] - rows[0]) * (columns[1] - columns[0]))
}
