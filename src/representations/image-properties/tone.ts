import type { ImageShape } from '../../images/index.ts'
import { type PropertyFamily, property, ratio } from './property-family.ts'

/** In grey levels of 1/255: wider than float32 rounding, narrower than a step of 16-bit data (1/257). */
const gridTolerance = 1e-3
/** The same for steps of 1/65535, whose float32 rounding reaches 0.004. */
const fineGridTolerance = 0.05

const columns = [
  property('mean', 'brightness (mean pixel)'),
  property('std', 'contrast (standard deviation of the pixels)'),
  property('skewness', 'skewness of the pixels (few bright on dark is positive)'),
  property('minimum', 'darkest pixel'),
  property('quantile-05', 'dark end of the tones (5% quantile)'),
  property('median', 'middle tone (median pixel)'),
  property('quantile-95', 'bright end of the tones (95% quantile)'),
  property('maximum', 'brightest pixel'),
  property('zero-fraction', 'share of exactly black pixels'),
  property('black-fraction', 'share of nearly black pixels (at most 2 of 255)'),
  property('mid-grey-fraction', 'share of middle grey pixels (51 to 204 of 255)'),
  property('white-fraction', 'share of nearly white pixels (at least 250 of 255)'),
  property('one-fraction', 'share of exactly white pixels'),
  property('grey-levels', 'number of distinct grey levels'),
  property('off-grid-fraction', 'share of pixels between the 256 grey levels of 8-bit data'),
  property('off-fine-grid-fraction', 'share of pixels between the 65,536 levels of 16-bit data'),
  property('level-gaps', 'share of unused grey levels between the darkest and brightest used'),
  property('level-comb', 'comb pattern of the grey levels (uneven histogram)'),
  property('odd-level-fraction', 'share of odd grey levels (lowest bit set)'),
  property('tone-entropy', 'variety of tones (entropy of the histogram, bits)'),
  property('pixel-entropy', 'greyness (mean binary entropy of the pixels, nats)'),
]

/** Scratch of one image: how often each 8-bit level occurs, and what off-grid values add to it. */
type Tally = {
  readonly count: number
  readonly histogram: Int32Array
  /** Counts of every second value: two equal neighbours don't wait for each other. */
  readonly second: Int32Array
  /** Values off the 1/255 grid, off the 1/65535 grid, and those nearest to black and to white. */
  offGrid: number
  offFineGrid: number
  offBlack: number
  offWhite: number
  /** Σ (v^p − level^p) over off-grid values, and the same for H. */
  sum: number
  square: number
  cube: number
  entropy: number
}

/** Brightness, contrast, tones and the traces of quantisation: statistics of the values, wherever they lie. */
export function toneFamily({ channels, height, width }: ImageShape): PropertyFamily {
  const tally = createTally(channels * height * width)
  return {
    columns,
    measure: ({ values }, out, at) => {
      countValues(values, tally)
      writeMoments(tally, out, at)
      writeTones(tally, out, at + 3)
      writeQuantisation(tally, out, at + 13)
    },
  }
}

function createTally(count: number): Tally {
  return {
    count,
    histogram: new Int32Array(256),
    second: new Int32Array(256),
    offGrid: 0,
    offFineGrid: 0,
    offBlack: 0,
    offWhite: 0,
    sum: 0,
    square: 0,
    cube: 0,
    entropy: 0,
  }
}

/** On-grid values, nearly all of them, only cost a histogram count. */
function countValues(values: Float32Array, tally: Tally): void {
  const { histogram, second } = tally
  histogram.fill(0)
  second.fill(0)
  tally.offGrid = tally.offFineGrid = tally.offBlack = tally.offWhite = 0
  tally.sum = tally.square = tally.cube = tally.entropy = 0
  const last = values.length - 1
  for (let i = 0; i < last; i += 2) {
    const scaled = values[i] * 255
    const level = (scaled + 0.5) | 0
    histogram[level]++
    if (Math.abs(scaled - level) > gridTolerance) countOffGrid(values[i], level, tally)
    const nextScaled = values[i + 1] * 255
    const nextLevel = (nextScaled + 0.5) | 0
    second[nextLevel]++
    if (Math.abs(nextScaled - nextLevel) > gridTolerance) {
      countOffGrid(values[i + 1], nextLevel, tally)
    }
  }
  if (last % 2 === 0) {
    const level = (values[last] * 255 + 0.5) | 0
    histogram[level]++
    if (Math.abs(values[last] * 255 - level) > gridTolerance) {
      countOffGrid(values[last], level, tally)
    }
  }
  for (let level = 0; level < 256; level++) histogram[level] += second[level]
}

function countOffGrid(value: number, level: number, tally: Tally): void {
  const grid = level / 255
  tally.offGrid++
  if (level === 0) tally.offBlack++
  if (level === 255) tally.offWhite++
  const fine = value * 65535
  if (Math.abs(fine - Math.round(fine)) > fineGridTolerance) tally.offFineGrid++
  tally.sum += value - grid
  tally.square += value * value - grid * grid
  tally.cube += value * value * value - grid * grid * grid
  tally.entropy += binaryEntropy(value) - levelEntropy[level]
}

/** Mean, standard deviation, skewness. */
function writeMoments(tally: Tally, out: Float32Array, at: number): void {
  const { count } = tally
  let { sum, square, cube } = tally
  for (let level = 1; level < 256; level++) {
    const value = level / 255
    const weighted = tally.histogram[level] * value
    sum += weighted
    square += weighted * value
    cube += weighted * value * value
  }
  const mean = sum / count
  const variance = Math.max(0, square / count - mean * mean)
  const third = cube / count - 3 * mean * (square / count) + 2 * mean * mean * mean
  out[at] = mean
  out[at + 1] = Math.sqrt(variance)
  // Below a variance of 1e-9 (a hundredth of a level) the third moment is rounding noise.
  out[at + 2] = variance > 1e-9 ? third / (variance * Math.sqrt(variance)) : 0
}

/** Quantiles to the nearest level, then shares of dark, middle and bright pixels. */
function writeTones(tally: Tally, out: Float32Array, at: number): void {
  const { count, histogram } = tally
  out[at] = firstUsed(histogram) / 255
  out[at + 1] = quantile(histogram, Math.ceil(0.05 * count))
  out[at + 2] = quantile(histogram, Math.ceil(0.5 * count))
  out[at + 3] = upperQuantile(histogram, count - Math.ceil(0.95 * count))
  out[at + 4] = lastUsed(histogram) / 255
  out[at + 5] = (histogram[0] - tally.offBlack) / count
  out[at + 6] = (histogram[0] + histogram[1] + histogram[2]) / count
  out[at + 7] = countLevels(histogram, 51, 204) / count
  out[at + 8] = countLevels(histogram, 250, 255) / count
  out[at + 9] = (histogram[255] - tally.offWhite) / count
}

/** Distinct levels, grid, gaps, comb, lowest bit, entropies. */
function writeQuantisation(tally: Tally, out: Float32Array, at: number): void {
  const { count, histogram } = tally
  const interior = count - histogram[0] - histogram[255]
  let used = 0
  let odd = -histogram[255]
  let weightedLog = 0
  let entropy = tally.entropy
  // No branch on emptiness: which levels are used is as random as the image.
  for (let level = 0; level < 256; level++) {
    const times = histogram[level]
    used += Number(times > 0)
    odd += times * (level & 1)
    weightedLog += times < timesLog.length ? timesLog[times] : times * Math.log(times)
    entropy += times * levelEntropy[level]
  }
  out[at] = used
  out[at + 1] = tally.offGrid / count
  out[at + 2] = tally.offFineGrid / count
  out[at + 3] = 1 - used / (lastUsed(histogram) - firstUsed(histogram) + 1)
  out[at + 4] = ratio(interiorRoughness(histogram), 4 * interior)
  out[at + 5] = ratio(odd, interior, 0.5)
  out[at + 6] = (Math.log(count) - weightedLog / count) / Math.LN2
  out[at + 7] = entropy / count
}

/** Σ |second difference| of the counts of levels 1 to 254; levels beyond count as empty. */
function interiorRoughness(histogram: Int32Array): number {
  let sum = 0
  let below = 0
  let times = histogram[1]
  for (let level = 2; level < 255; level++) {
    const above = histogram[level]
    sum += Math.abs(below - 2 * times + above)
    below = times
    times = above
  }
  return sum + Math.abs(below - 2 * times)
}

function firstUsed(histogram: Int32Array): number {
  let level = 0
  while (histogram[level] === 0) level++
  return level
}

function lastUsed(histogram: Int32Array): number {
  let level = 255
  while (histogram[level] === 0) level--
  return level
}

/** The level, in [0, 1], above which at most `rank` values lie. */
function upperQuantile(histogram: Int32Array, rank: number): number {
  let level = 255
  for (let above = histogram[255]; above <= rank; above += histogram[level]) level--
  return level / 255
}

/** The level, in [0, 1], at or below which `rank` values lie. */
function quantile(histogram: Int32Array, rank: number): number {
  let level = -1
  for (let below = 0; below < rank;) below += histogram[++level]
  return level / 255
}

function countLevels(histogram: Int32Array, from: number, to: number): number {
  let count = 0
  for (let level = from; level <= to; level++) count += histogram[level]
  return count
}

/** −v ln v − (1−v) ln (1−v), nats. */
function binaryEntropy(value: number): number {
  if (value <= 0 || value >= 1) return 0
  return -value * Math.log(value) - (1 - value) * Math.log1p(-value)
}

const levelEntropy = Float64Array.from({ length: 256 }, (_, level) => binaryEntropy(level / 255))

/** n ln n for the small counts that small images have. */
const timesLog = Float64Array.from({ length: 1024 }, (_, n) => n * Math.log(Math.max(1, n)))
