import { addInside, firstLanes, runLength } from './lanes'

/** Channels whose spread is below half a grey level show grey. */
export const greyTolerance: f32 = 0.5 / 255

const sums = memory.data(4 * 16, 16)
/** Two double sums each: Σ |step| between columns of the channel differences; Σ of the largest minus the smallest
 * channel; Σ of the largest; pixels without colour. */
export const detail = sums
export const chroma = sums + 16
export const brightest = sums + 32
export const colourless = sums + 48

/** Before an image. */
export function clearColourSums(): void {
  memory.fill(sums, 0, 4 * 16)
}

/** Steps of the difference of two channels. */
export function sumDetails(first: usize, second: usize, height: i32, width: i32): void {
  for (let y = 0; y < height; y += runLength) {
    for (let x = 0; x < width - 1; x += 4) {
      const from = (<usize>(y * width + x)) << 2
      const inside = firstLanes(width - 1 - x)
      sumDetail(
        first + from,
        second + from,
        (<usize>width) << 2,
        min(runLength, height - y),
        inside,
      )
    }
  }
}

function sumDetail(first: usize, second: usize, stride: usize, rows: i32, inside: v128): void {
  let sum = f32x4.splat(0)
  for (let y = 0; y < rows; y++, first += stride, second += stride) {
    const here = f32x4.sub(v128.load(first), v128.load(second))
    const next = f32x4.sub(v128.load(first, 4), v128.load(second, 4))
    sum = f32x4.add(sum, f32x4.abs(f32x4.sub(next, here)))
  }
  addInside(detail, sum, inside)
}

/** Largest and smallest channel of each pixel. */
export function sumSpreads(values: usize, channels: i32, height: i32, width: i32): void {
  const size = (<usize>(height * width)) << 2
  for (let y = 0; y < height; y += runLength) {
    for (let x = 0; x < width; x += 4) {
      const strip = values + ((<usize>(y * width + x)) << 2)
      sumSpread(strip, size, channels, (<usize>width) << 2, min(runLength, height - y), width - x)
    }
  }
}

/** Channels lie `size` bytes apart. */
function sumSpread(
  strip: usize,
  size: usize,
  channels: i32,
  stride: usize,
  rows: i32,
  count: i32,
): void {
  let spreads = f32x4.splat(0)
  let highs = spreads
  let grey = spreads
  for (let y = 0; y < rows; y++, strip += stride) {
    let high = v128.load(strip)
    let low = high
    for (let c = 1, at = strip + size; c < channels; c++, at += size) {
      const pixels = v128.load(at)
      high = f32x4.pmax(high, pixels)
      low = f32x4.pmin(low, pixels)
    }
    const spread = f32x4.sub(high, low)
    spreads = f32x4.add(spreads, spread)
    highs = f32x4.add(highs, high)
    grey = i32x4.sub(grey, f32x4.lt(spread, f32x4.splat(greyTolerance)))
  }
  const inside = firstLanes(count)
  addInside(chroma, spreads, inside)
  addInside(brightest, highs, inside)
  addInside(colourless, f32x4.convert_i32x4_s(grey), inside)
}
