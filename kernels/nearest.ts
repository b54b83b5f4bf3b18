import { write } from './lanes'

const dimensions = 8
const neighbours = 5

/** The smallest numbers of each lane of all squares, four floats each, rising. */
const smallest = memory.data(neighbours * 16, 16)
/** Numbers of the nearest points. */
const found = memory.data(neighbours * 4, 16)
/** One lane set, by its number. */
const lanes = memory.data<i32>([-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1, 0, 0, 0, 0, -1], 16)

/** Writes the mean distance of each of `count` 8-dimensional queries to its five nearest points. The points: `norms`
 * holds p², `turned` −2p, all first coordinates first; `pointCount` is a multiple of 4, and as many floats are scratch. */
export function measureNearest(
  queries: usize,
  count: i32,
  norms: usize,
  turned: usize,
  pointCount: i32,
  out: usize,
  scratch: usize,
): void {
  const stride = (<usize>pointCount) << 2
  for (let k = 0; k < count; k++, queries += 4 * dimensions) {
    writeSquares(queries, norms, turned, stride, scratch)
    keepSmallest(scratch, stride)
    findPoints(scratch, stride)
    let sum: f64 = 0
    for (let i: usize = 0; i < 4 * neighbours; i += 4) {
      sum += distance(queries, turned + ((<usize>load<i32>(found + i)) << 2), stride)
    }
    write(out, k, sum / neighbours)
  }
}

/** p² − 2 q·p in floats, which finds the nearest but does not measure how near they are; q² is the same for all. */
function writeSquares(
  query: usize,
  norms: usize,
  turned: usize,
  stride: usize,
  squares: usize,
): void {
  const a = v128.load32_splat(query)
  const b = v128.load32_splat(query, 4)
  const c = v128.load32_splat(query, 8)
  const d = v128.load32_splat(query, 12)
  const e = v128.load32_splat(query, 16)
  const f = v128.load32_splat(query, 20)
  const g = v128.load32_splat(query, 24)
  const h = v128.load32_splat(query, 28)
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
    v128.store(squares + at, f32x4.add(products, v128.load(norms + at)))
  }
}

/** Each number pushes the larger ones of its lane back; without branches, which would be mispredicted. */
function keepSmallest(squares: usize, bytes: usize): void {
  let a = f32x4.splat(Infinity)
  let b = a
  let c = a
  let d = a
  let e = a
  for (let at: usize = 0; at < bytes; at += 16) {
    const square = v128.load(squares + at)
    const afterA = f32x4.pmax(a, square)
    a = f32x4.pmin(a, square)
    const afterB = f32x4.pmax(b, afterA)
    b = f32x4.pmin(b, afterA)
    const afterC = f32x4.pmax(c, afterB)
    c = f32x4.pmin(c, afterB)
    const afterD = f32x4.pmax(d, afterC)
    d = f32x4.pmin(d, afterC)
    e = f32x4.pmin(e, afterD)
  }
  v128.store(smallest, a)
  v128.store(smallest, b, 16)
  v128.store(smallest, c, 32)
  v128.store(smallest, d, 48)
  v128.store(smallest, e, 64)
}

/** Takes the smallest of all lanes away; returns it. */
function takeSmallest(): f32 {
  const heads = v128.load(smallest)
  const pairs = f32x4.pmin(heads, v128.shuffle<i32>(heads, heads, 2, 3, 0, 1))
  const least = f32x4.pmin(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2))
  const lane = ctz(i32x4.bitmask(f32x4.eq(heads, least)) | 8)
  const taken = v128.load(lanes + ((<usize>lane) << 4))
  for (let at: usize = 0; at < 16 * (neighbours - 1); at += 16) {
    const rank = smallest + at
    v128.store(rank, v128.bitselect(v128.load(rank, 16), v128.load(rank), taken))
  }
  return f32x4.extract_lane(least, 0)
}

/** The points below the fifth smallest number, and as many at it as there is room for. */
function findPoints(squares: usize, bytes: usize): void {
  const a = takeSmallest()
  const b = takeSmallest()
  const c = takeSmallest()
  const d = takeSmallest()
  const limit = takeSmallest()
  const below = i32(a < limit) + i32(b < limit) + i32(c < limit) + i32(d < limit)
  let nearer = found
  let equal = found + ((<usize>below) << 2)
  memory.fill(found, 0, 4 * neighbours)
  for (let at: usize = 0; at < bytes; at += 16) {
    const square = v128.load(squares + at)
    if (!v128.any_true(f32x4.le(square, f32x4.splat(limit)))) continue
    for (let k: usize = at; k < at + 16; k += 4) {
      const one = load<f32>(squares + k)
      if (one < limit) {
        store<i32>(nearer, k >> 2)
        nearer += 4
      } else if (one === limit && equal < found + 4 * neighbours) {
        store<i32>(equal, k >> 2)
        equal += 4
      }
    }
  }
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
