/** Bytes of a plane with a margin of one pixel, and of the planes that `measurePlanes` writes. */
export function placeBytes(height: i32, width: i32): usize {
  return <usize>(height + 2) * marginStride(width) + 64
}

/** Bytes of a row of a plane with its margin, and room for the last lanes. */
function marginStride(width: i32): usize {
  return ((<usize>(width + 2)) << 2) + 16
}

/** Mean over the channels of a C×H×W image, left in `plane`; 64 bytes behind both must be there. */
export function averagePlanes(image: usize, channels: i32, count: i32, plane: usize): void {
  const size = (<usize>count) << 2
  const divisor = f32x4.splat(<f32>channels)
  for (let at: usize = 0; at < size; at += 16) {
    let sum = v128.load(image + at)
    for (let c = 1; c < channels; c++) sum = f32x4.add(sum, v128.load(image + <usize>c * size + at))
    v128.store(plane + at, f32x4.div(sum, divisor))
  }
}

/**
 * How far each pixel stands above the median of its 3×3 neighbourhood, itself among it; beyond the edge stand the pixels
 * at it. 64 bytes behind `out` must be there; `scratch` takes `placeBytes`.
 */
export function aboveMedian(
  plane: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  addMargin(plane, height, width, scratch)
  const stride = marginStride(width)
  for (let y = 0; y < height; y++) {
    let above = scratch + <usize>y * stride
    let target = out + ((<usize>(y * width)) << 2)
    for (let x = 0; x < width; x += 4, above += 16, target += 16) {
      const here = above + stride
      const below = here + stride
      const median = medianOf(above, here, below)
      v128.store(target, f32x4.sub(v128.load(here, 4), median))
    }
  }
}

/** Of four neighbourhoods at once, by the columns of each in order: the middle of the largest low, the middle middle and the least high. */
function medianOf(above: usize, here: usize, below: usize): v128 {
  let a = v128.load(above)
  let b = v128.load(here)
  let c = v128.load(below)
  let low = f32x4.pmin(a, b)
  let high = f32x4.pmax(a, b)
  const firstLow = f32x4.pmin(low, c)
  const firstHigh = f32x4.pmax(high, c)
  const firstMiddle = f32x4.pmax(low, f32x4.pmin(high, c))
  a = v128.load(above, 4)
  b = v128.load(here, 4)
  c = v128.load(below, 4)
  low = f32x4.pmin(a, b)
  high = f32x4.pmax(a, b)
  const secondLow = f32x4.pmin(low, c)
  const secondHigh = f32x4.pmax(high, c)
  const secondMiddle = f32x4.pmax(low, f32x4.pmin(high, c))
  a = v128.load(above, 8)
  b = v128.load(here, 8)
  c = v128.load(below, 8)
  low = f32x4.pmin(a, b)
  high = f32x4.pmax(a, b)
  const thirdLow = f32x4.pmin(low, c)
  const thirdHigh = f32x4.pmax(high, c)
  const thirdMiddle = f32x4.pmax(low, f32x4.pmin(high, c))
  return middleOf(
    f32x4.pmax(f32x4.pmax(firstLow, secondLow), thirdLow),
    middleOf(firstMiddle, secondMiddle, thirdMiddle),
    f32x4.pmin(f32x4.pmin(firstHigh, secondHigh), thirdHigh),
  )
}

function middleOf(a: v128, b: v128, c: v128): v128 {
  const low = f32x4.pmin(a, b)
  const high = f32x4.pmax(a, b)
  return f32x4.pmax(low, f32x4.pmin(high, c))
}

/** The plane with its outermost pixels repeated around it. */
function addMargin(plane: usize, height: i32, width: i32, out: usize): void {
  const stride = marginStride(width)
  const bytes = (<usize>width) << 2
  for (let y = -1; y <= height; y++) {
    const from = plane + <usize>max(0, min(height - 1, y)) * bytes
    const row = out + <usize>(y + 1) * stride
    store<f32>(row, load<f32>(from))
    memory.copy(row + 4, from, bytes)
    store<f32>(row + 4 + bytes, load<f32>(from + bytes - 4))
  }
}

/** Of each pixel |step to the right| + |step down|; none beyond the edge. 64 bytes behind `out` must be there; `scratch` takes `placeBytes`. */
export function measureSteps(
  plane: usize,
  height: i32,
  width: i32,
  out: usize,
  scratch: usize,
): void {
  addMargin(plane, height, width, scratch)
  const stride = marginStride(width)
  for (let y = 0; y < height; y++) {
    let here = scratch + <usize>(y + 1) * stride + 4
    let target = out + ((<usize>(y * width)) << 2)
    for (let x = 0; x < width; x += 4, here += 16, target += 16) {
      const pixels = v128.load(here)
      const right = f32x4.abs(f32x4.sub(v128.load(here, 4), pixels))
      const down = f32x4.abs(f32x4.sub(v128.load(here + stride), pixels))
      v128.store(target, f32x4.add(right, down))
    }
  }
}

/** Mean of each cell of a plane; `top` and `left` hold the first pixel row and column of each, and the size behind the last. */
export function averageCells(
  plane: usize,
  width: i32,
  top: usize,
  rows: i32,
  left: usize,
  columns: i32,
  out: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const first = load<i32>(top + ((<usize>r) << 2))
    const last = load<i32>(top + ((<usize>(r + 1)) << 2))
    for (let c = 0; c < columns; c++, out += 4) {
      const from = load<i32>(left + ((<usize>c) << 2))
      const to = load<i32>(left + ((<usize>(c + 1)) << 2))
      let sum: f32 = 0
      for (let y = first; y < last; y++) {
        let at = plane + ((<usize>(y * width + from)) << 2)
        const end = plane + ((<usize>(y * width + to)) << 2)
        for (; at < end; at += 4) sum += load<f32>(at)
      }
      store<f32>(out, sum / <f32>((last - first) * (to - from)))
    }
  }
}

/** The value of each cell of a plane that is farthest from 0. */
export function farthestInCells(
  plane: usize,
  width: i32,
  top: usize,
  rows: i32,
  left: usize,
  columns: i32,
  out: usize,
): void {
  for (let r = 0; r < rows; r++) {
    const first = load<i32>(top + ((<usize>r) << 2))
    const last = load<i32>(top + ((<usize>(r + 1)) << 2))
    for (let c = 0; c < columns; c++, out += 4) {
      const from = load<i32>(left + ((<usize>c) << 2))
      const to = load<i32>(left + ((<usize>(c + 1)) << 2))
      let farthest: f32 = 0
      for (let y = first; y < last; y++) {
        for (let x = from; x < to; x++) {
          const value = load<f32>(plane + ((<usize>(y * width + x)) << 2))
          if (abs(value) > abs(farthest)) farthest = value
        }
      }
      store<f32>(out, farthest)
    }
  }
}

/** (value − mean) · scale of `count` floats, to the nearest whole number from −limit to limit, a byte each; 64 bytes behind `out` must be there. */
export function toSteps(
  values: usize,
  means: usize,
  scales: usize,
  count: i32,
  limit: f32,
  out: usize,
): void {
  const size = (<usize>count) << 2
  const most = f32x4.splat(limit)
  const least = f32x4.splat(-limit)
  for (let at: usize = 0; at < size; at += 16, out += 4) {
    const apart = f32x4.sub(v128.load(values + at), v128.load(means + at))
    const scaled = f32x4.mul(apart, v128.load(scales + at))
    const held = f32x4.pmax(least, f32x4.pmin(most, scaled))
    const steps = i32x4.trunc_sat_f32x4_s(f32x4.nearest(held))
    const short = i16x8.narrow_i32x4_s(steps, steps)
    store<i32>(out, i32x4.extract_lane(i8x16.narrow_i16x8_s(short, short), 0))
  }
}
