import type { ImageShape } from '../../images/index.ts'
import { type PropertyFamily, property, ratio } from './property-family.ts'

/** A pixel belongs to the content when it differs from the mean of the border by more than this. */
const contentContrast = 0.1

const columns = [
  property('border-mean', 'brightness of the border'),
  property('border-std', 'unevenness of the border'),
  property('center-x', 'centre of brightness, towards the right (share of the width)'),
  property('center-y', 'centre of brightness, towards the bottom (share of the height)'),
  property('spread-x', 'width of the bright area (share of the width)'),
  property('spread-y', 'height of the bright area (share of the height)'),
  property('slant', 'slant of the bright area (from top left to bottom right is positive)'),
  property('content-left', 'left edge of the content (share of the width)'),
  property('content-right', 'right edge of the content (share of the width)'),
  property('content-top', 'top edge of the content (share of the height)'),
  property('content-bottom', 'bottom edge of the content (share of the height)'),
  property('asymmetry-x', 'difference between the image and its left-right mirror image'),
  property('asymmetry-y', 'difference between the image and its up-down mirror image'),
  property('row-peak', 'brightest row (mean of its pixels)'),
  property('column-peak', 'brightest column (mean of its pixels)'),
  property('row-line', 'strongest horizontal line (row against its neighbours)'),
  property('column-line', 'strongest vertical line (column against its neighbours)'),
  property('row-minimum-std', 'contrast of the flattest row'),
  property('column-minimum-std', 'contrast of the flattest column'),
]

/** Scratch: what one pass over an image leaves. */
type Profiles = {
  readonly width: number
  readonly height: number
  readonly rowSum: Float64Array
  readonly rowSquare: Float64Array
  readonly columnSum: Float64Array
  readonly columnSquare: Float64Array
  /** Σ x·y·v in pixel coordinates. */
  product: number
  /** Σ |v − v mirrored| over half of the pixels: left to right, and top to bottom. */
  acrossMirror: number
  downMirror: number
}

/** Where the image is bright and how far its content reaches; borders, symmetry, rows and columns. */
export function layoutFamily({ height, width }: ImageShape): PropertyFamily {
  const profiles: Profiles = {
    width,
    height,
    rowSum: new Float64Array(height),
    rowSquare: new Float64Array(height),
    columnSum: new Float64Array(width),
    columnSquare: new Float64Array(width),
    product: 0,
    acrossMirror: 0,
    downMirror: 0,
  }
  return {
    columns,
    measure: ({ grey }, out, at) => {
      writeBorder(grey, profiles, { out, at })
      sumProfiles(grey, profiles)
      writeMoments(profiles, out, at + 2)
      writeContent(grey, profiles, { out, at: at + 7, border: out[at] })
      sumMirrorDifferences(grey, profiles)
      out[at + 11] = (2 * profiles.acrossMirror) / grey.length
      out[at + 12] = (2 * profiles.downMirror) / grey.length
      writeProfiles(profiles, out, at + 13)
    },
  }
}

type Target = { readonly out: Float32Array; readonly at: number }

/** Mean and standard deviation of the outermost frame of pixels. */
function writeBorder(grey: Float32Array, { width, height }: Profiles, { out, at }: Target): void {
  let sum = 0
  let square = 0
  let count = 0
  for (let y = 0; y < height; y++) {
    // Inside rows, only the first and the last pixel.
    const step = y === 0 || y === height - 1 ? 1 : Math.max(1, width - 1)
    for (let i = y * width; i < (y + 1) * width; i += step, count++) {
      sum += grey[i]
      square += grey[i] * grey[i]
    }
  }
  out[at] = sum / count
  out[at + 1] = deviation(sum, square, count)
}

function sumProfiles(grey: Float32Array, profiles: Profiles): void {
  const { width, height, rowSum, rowSquare, columnSum, columnSquare } = profiles
  columnSum.fill(0)
  columnSquare.fill(0)
  let product = 0
  for (let y = 0, i = 0; y < height; y++) {
    let sum = 0
    let square = 0
    let moment = 0
    for (let x = 0; x < width; x++, i++) {
      const value = grey[i]
      const squared = value * value
      sum += value
      square += squared
      moment += x * value
      columnSum[x] += value
      columnSquare[x] += squared
    }
    rowSum[y] = sum
    rowSquare[y] = square
    product += y * moment
  }
  profiles.product = product
}

/** Centre, spreads (standard deviations) and slant (correlation) of the brightness; dark images: 0.5, 0, 0. */
function writeMoments(profiles: Profiles, out: Float32Array, at: number): void {
  const { width, height, rowSum, columnSum, product } = profiles
  const column = firstMoments(columnSum)
  const row = firstMoments(rowSum)
  const scale = Math.sqrt(column.variance * row.variance)
  out[at] = ratio(column.mean + 0.5, width, 0.5)
  out[at + 1] = ratio(row.mean + 0.5, height, 0.5)
  out[at + 2] = Math.sqrt(column.variance) / width
  out[at + 3] = Math.sqrt(row.variance) / height
  const covariance = ratio(product, column.weight) - column.mean * row.mean
  out[at + 4] = scale > 1e-6 ? covariance / scale : 0
}

/** Mean and variance of the position 0, 1, 2… under the given weights; the middle where all are 0. */
function firstMoments(weights: Float64Array): {
  readonly weight: number
  readonly mean: number
  readonly variance: number
} {
  let weight = 0
  let first = 0
  let second = 0
  for (let i = 0; i < weights.length; i++) {
    weight += weights[i]
    first += i * weights[i]
    second += i * i * weights[i]
  }
  const mean = ratio(first, weight, (weights.length - 1) / 2)
  return { weight, mean, variance: Math.max(0, ratio(second, weight, mean * mean) - mean * mean) }
}

/** Bounding box of the content; without any, left = top = 1 and right = bottom = 0. */
function writeContent(
  grey: Float32Array,
  { width, height }: Profiles,
  { out, at, border }: Target & { readonly border: number },
): void {
  const isBlank = (y: number): boolean =>
    leadingBlank(grey, { start: y * width, length: width, border }) === width
  let top = 0
  while (top < height && isBlank(top)) top++
  let bottom = height
  while (bottom > top && isBlank(bottom - 1)) bottom--
  let left = width
  let right = 0
  for (let y = top; y < bottom; y++) {
    const row = y * width
    left = leadingBlank(grey, { start: row, length: left, border })
    let x = width
    while (x > right && Math.abs(grey[row + x - 1] - border) <= contentContrast) x--
    right = x
  }
  out[at] = left / width
  out[at + 1] = right / width
  out[at + 2] = top < height ? top / height : 1
  out[at + 3] = top < height ? bottom / height : 0
}

/** How many of `length` pixels from `start` on are no content, before the first that is. */
function leadingBlank(
  grey: Float32Array,
  { start, length, border }: { start: number; length: number; border: number },
): number {
  let x = 0
  while (x < length && Math.abs(grey[start + x] - border) <= contentContrast) x++
  return x
}

/** Four mirrored pixels at a time serve both sums. */
function sumMirrorDifferences(grey: Float32Array, profiles: Profiles): void {
  const { width } = profiles
  let across = 0
  let down = 0
  let top = 0
  let foot = grey.length - width
  for (; top < foot; top += width, foot -= width) {
    let left = 0
    let right = width - 1
    for (; left < right; left++, right--) {
      const topLeft = grey[top + left]
      const topRight = grey[top + right]
      const footLeft = grey[foot + left]
      const footRight = grey[foot + right]
      across += Math.abs(topLeft - topRight) + Math.abs(footLeft - footRight)
      down += Math.abs(topLeft - footLeft) + Math.abs(topRight - footRight)
    }
    if (left === right) down += Math.abs(grey[top + left] - grey[foot + left])
  }
  if (top === foot) {
    for (let i = top, j = top + width - 1; i < j; i++, j--) across += Math.abs(grey[i] - grey[j])
  }
  profiles.acrossMirror = across
  profiles.downMirror = down
}

function writeProfiles(profiles: Profiles, out: Float32Array, at: number): void {
  const { width, height, rowSum, rowSquare, columnSum, columnSquare } = profiles
  out[at] = largest(rowSum) / width
  out[at + 1] = largest(columnSum) / height
  out[at + 2] = strongestLine(rowSum) / width
  out[at + 3] = strongestLine(columnSum) / height
  out[at + 4] = smallestDeviation(rowSum, rowSquare, width)
  out[at + 5] = smallestDeviation(columnSum, columnSquare, height)
}

function largest(sums: Float64Array): number {
  let most = 0
  for (let i = 0; i < sums.length; i++) if (sums[i] > most) most = sums[i]
  return most
}

/** Largest distance of an inner entry from the mean of its two neighbours. */
function strongestLine(sums: Float64Array): number {
  let most = 0
  for (let i = 1; i < sums.length - 1; i++) {
    const gap = Math.abs(sums[i] - (sums[i - 1] + sums[i + 1]) / 2)
    if (gap > most) most = gap
  }
  return most
}

function smallestDeviation(sums: Float64Array, squares: Float64Array, count: number): number {
  let least = Infinity
  for (let i = 0; i < sums.length; i++) {
    least = Math.min(least, deviation(sums[i], squares[i], count))
  }
  return least
}

/** Standard deviation (divisor n) from Σ v and Σ v². */
function deviation(sum: number, square: number, count: number): number {
  const mean = sum / count
  return Math.sqrt(Math.max(0, square / count - mean * mean))
}
