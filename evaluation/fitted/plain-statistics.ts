import type { Tensor } from '../../src/tensor/index.ts'
import type { View } from '../window/view.ts'

/** Eleven numbers that anyone would look at first; the last two are of colour, or of grey images without one. */
const COUNT = 11

/** Mean, spread, extremes, three quantiles, steps between pixels and isolated detail of each image, and two of colour. */
export function plainStatistics({ shape, data }: Tensor): View {
  const [count, channels, height, width] = shape
  const size = channels * height * width
  const values = new Float32Array(count * COUNT)
  for (let image = 0; image < count; image++) {
    const own = data.subarray(image * size, (image + 1) * size)
    const statistics = [
      ...toneStatistics(own),
      ...stepStatistics(own, { width, height }),
      ...(channels === 3 ? colourStatistics(own) : greyStatistics(own)),
    ]
    values.set(statistics, image * COUNT)
  }
  return { width: COUNT, values }
}

function toneStatistics(pixels: Float32Array): number[] {
  const sorted = pixels.toSorted()
  const at = (share: number): number => sorted[Math.floor(share * (sorted.length - 1))]
  const mean = meanOf(pixels, (value) => value)
  const variance = meanOf(pixels, (value) => (value - mean) ** 2)
  return [mean, Math.sqrt(variance), at(0), at(0.1), at(0.5), at(0.9), at(1)]
}

type Size = { readonly width: number; readonly height: number }

function stepStatistics(pixels: Float32Array, { width, height }: Size): number[] {
  let [steps, detail] = [0, 0]
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width) % height]
    if (x === 0 || x === width - 1 || y === 0 || y === height - 1) continue
    const across = pixels[i - 1] + pixels[i + 1]
    const along = pixels[i - width] + pixels[i + width]
    steps += Math.abs(pixels[i + 1] - pixels[i - 1])
    detail += (across + along - 4 * pixels[i]) ** 2
  }
  return [steps / pixels.length, Math.sqrt(detail / pixels.length)]
}

/** Red less green, blue less green. */
function colourStatistics(pixels: Float32Array): number[] {
  const area = pixels.length / 3
  const [red, green, blue] = [0, 1, 2].map((channel) =>
    meanOf(pixels.subarray(channel * area, (channel + 1) * area), (value) => value),
  )
  return [red - green, blue - green]
}

/** Shares of exactly black and of exactly white pixels. */
function greyStatistics(pixels: Float32Array): number[] {
  return [0, 1].map((end) => meanOf(pixels, (value) => (value === end ? 1 : 0)))
}

function meanOf(values: Float32Array, of: (value: number) => number): number {
  let sum = 0
  for (const value of values) sum += of(value)
  return sum / values.length
}

/** Mean and standard deviation of each column. */
export type ColumnMoments = readonly { readonly mean: number; readonly deviation: number }[]

/** Moments of every column of a view. */
export function columnMoments({ width, values }: View): ColumnMoments {
  return Array.from({ length: width }, (_, column) => {
    const own = Float32Array.from(
      { length: values.length / width },
      (__, row) => values[row * width + column],
    )
    const mean = meanOf(own, (value) => value)
    return { mean, deviation: Math.sqrt(meanOf(own, (value) => (value - mean) ** 2)) }
  })
}
