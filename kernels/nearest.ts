const dimensions = 8
const neighbours = 5

/** Of the nearest points so far, rising: p² − 2 q·p, and their numbers. */
const squares = memory.data(neighbours * 4, 16)
const found = memory.data(neighbours * 4, 16)
/** Of four points. */
const four = memory.data(16, 16)

/** Writes the mean distance of each of `count` 8-dimensional queries to its five nearest points. The points: `norms` holds p², `turned` −2p, all first coordinates first; `pointCount` is a multiple of 4. */
export function measureNearest(
  queries: usize,
  count: i32,
  norms: usize,
  turned: usize,
  pointCount: i32,
  out: usize,
): void {
  const stride = (<usize>pointCount) << 2
  for (let k = 0; k < count; k++, queries += 4 * dimensions, out += 4) {
    findNearest(queries, norms, turned, stride)
    let sum: f64 = 0
    for (let i: usize = 0; i < 4 * neighbours; i += 4) {
      sum += distance(queries, turned + ((<usize>load<i32>(found + i)) << 2), stride)
    }
    store<f32>(out, <f32>(sum / neighbours))
  }
}

/** By p² − 2 q·p in floats, which finds the nearest but does not measure how near they are; q² is the same for all. */
function findNearest(query: usize, norms: usize, turned: usize, stride: usize): void {
  const a = v128.load32_splat(query)
  const b = v128.load32_splat(query, 4)
  const c = v128.load32_splat(query, 8)
  const d = v128.load32_splat(query, 12)
  const e = v128.load32_splat(query, 16)
  const f = v128.load32_splat(query, 20)
  const g = v128.load32_splat(query, 24)
  const h = v128.load32_splat(query, 28)
  let worst = f32x4.splat(Infinity)
  for (let k = 0; k < neighbours; k++) store<f32>(squares + (k << 2), Infinity)
  memory.fill(found, 0, neighbours * 4)
  for (let at: usize = 0; at < stride; at += 16) {
    let point = turned + at
    const ab = f32x4.add(f32x4.mul(a, v128.load(point)), f32x4.mul(b, v128.load(point + stride)))
    point += 2 * stride
    const cd = f32x4.add(f32x4.mul(c, v128.load(point)), f32x4.mul(d, v128.load(point + stride)))
    point += 2 * stride
    const ef = f32x4.add(f32x4.mul(e, v128.load(point)), f32x4.mul(f, v128.load(point + stride)))
    point += 2 * stride
    const gh = f32x4.add(f32x4.mul(g, v128.load(point)), f32x4.mul(h, v128.load(point + stride)))
    const products = f32x4.add(f32x4.add(ab, cd), f32x4.add(ef, gh))
    const square = f32x4.add(products, v128.load(norms + at))
    if (v128.any_true(f32x4.lt(square, worst))) {
      v128.store(four, square)
      worst = f32x4.splat(insertFour(<i32>(at >> 2)))
    }
  }
}

/** Inserts those of four points that are nearer than the last so far; returns how far the last is now. */
function insertFour(point: i32): f32 {
  for (let k = 0; k < 4; k++) {
    const square = load<f32>(four + ((<usize>k) << 2))
    if (square < load<f32>(squares, 4 * neighbours - 4)) insert(square, point + k)
  }
  return load<f32>(squares, 4 * neighbours - 4)
}

function insert(square: f32, point: i32): void {
  let at: usize = 4 * neighbours - 4
  for (; at > 0 && load<f32>(squares + at - 4) > square; at -= 4) {
    store<f32>(squares + at, load<f32>(squares + at - 4))
    store<i32>(found + at, load<i32>(found + at - 4))
  }
  store<f32>(squares + at, square)
  store<i32>(found + at, point)
}

/** Euclidean, in doubles. */
function distance(query: usize, turned: usize, stride: usize): f64 {
  let square: f64 = 0
  for (let d = 0; d < dimensions; d++, query += 4, turned += stride) {
    const step = <f64>load<f32>(turned) * -0.5 - <f64>load<f32>(query)
    square += step * step
  }
  return Math.sqrt(square)
}
