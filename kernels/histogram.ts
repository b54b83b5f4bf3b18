import { addUp } from './lanes'

/** Four histograms of 256 counts, one after the other: equal neighbours don't wait for each other. */
const parts = memory.data(4 * 1024, 16)
/** Their sum, with zeros before and behind. */
const counts = memory.data(16 + 1024 + 16, 16) + 16
/** Values at or below each level. */
const cumulative = memory.data(1024, 16)
/** The greys 0, 1/255, … 1 of the levels, and their binary entropies in nats; doubles. */
const greys = memory.data(2048, 16)
const entropies = memory.data(2048, 16)
/** n ln n for the small counts that small images have. */
const timesLogs = memory.data(8 * 1024, 16)
/** Results of `sumLevels`: Σ grey, Σ grey², Σ grey³ and Σ entropy over all values. */
const levelSums = memory.data(4 * 8, 16)
/** Results of `mergeParts`: the levels of five ranks. */
const rankLevels = memory.data(5 * 4, 16)
/** Results of `inspectCounts`: levels used, values at odd levels, and Σ |second difference| of the counts. */
const shapes = memory.data(3 * 4, 16)

fillTables()

function fillTables(): void {
  for (let level = 0; level < 256; level++) {
    const grey = <f64>level / 255
    store<f64>((<usize>level) << 3, grey, greys)
    store<f64>((<usize>level) << 3, binaryEntropy(grey), entropies)
  }
  for (let n = 1; n < 1024; n++) store<f64>((<usize>n) << 3, <f64>n * Math.log(n), timesLogs)
}

/** −v ln v − (1−v) ln (1−v), nats. */
function binaryEntropy(value: f64): f64 {
  if (value <= 0 || value >= 1) return 0
  return -value * Math.log(value) - (1 - value) * Math.log1p(-value)
}

/** Where the binary entropy of a level's grey is. */
export function entropyAddress(level: i32): usize {
  return entropies + ((<usize>level) << 3)
}

/** Counts `count` values by their levels, a byte each. */
export function countLevels(levels: usize, count: i32): void {
  for (; count >= 16; count -= 16, levels += 16) {
    const block = v128.load(levels)
    const first = v128.load8_splat(levels)
    if (i8x16.all_true(i8x16.eq(block, first))) {
      // Backgrounds of one colour.
      countLevel(load<u8>(levels), 16)
      continue
    }
    countFour(levels)
    countFour(levels + 4)
    countFour(levels + 8)
    countFour(levels + 12)
  }
  for (; count > 0; count--, levels++) countLevel(load<u8>(levels), 1)
}

function countLevel(level: i32, times: i32): void {
  const at = (<usize>level) << 2
  store<i32>(at, load<i32>(at, parts) + times, parts)
}

function countFour(levels: usize): void {
  const a = (<usize>load<u8>(levels)) << 2
  const b = (<usize>load<u8>(levels, 1)) << 2
  const c = (<usize>load<u8>(levels, 2)) << 2
  const d = (<usize>load<u8>(levels, 3)) << 2
  store<i32>(a, load<i32>(a, parts) + 1, parts)
  store<i32>(b, load<i32>(b, parts + 1024) + 1, parts + 1024)
  store<i32>(c, load<i32>(c, parts + 2048) + 1, parts + 2048)
  store<i32>(d, load<i32>(d, parts + 3072) + 1, parts + 3072)
}

/** Adds the parts up and empties them; finds the levels of the lowest and highest of `count` values and of three quantiles. */
export function mergeParts(count: i32): void {
  const darkRank = i32x4.splat(<i32>Math.ceil(0.05 * <f64>count))
  const middleRank = i32x4.splat(<i32>Math.ceil(0.5 * <f64>count))
  const brightRank = i32x4.splat(<i32>Math.ceil(0.95 * <f64>count))
  const zero = i32x4.splat(0)
  let first = zero
  let dark = zero
  let middle = zero
  let bright = zero
  let last = zero
  let below = zero
  for (let at: usize = 0; at < 1024; at += 16) {
    const times = takePart(at)
    v128.store(at, times, counts)
    const pairs = i32x4.add(times, v128.shuffle<i32>(zero, times, 0, 4, 5, 6))
    const fours = i32x4.add(pairs, v128.shuffle<i32>(zero, pairs, 0, 0, 4, 5))
    const reached = i32x4.add(below, fours)
    v128.store(at, reached, cumulative)
    below = v128.shuffle<i32>(reached, reached, 3, 3, 3, 3)
    // The level of a rank is the number of levels that do not reach it.
    first = i32x4.sub(first, i32x4.eq(reached, zero))
    dark = i32x4.sub(dark, i32x4.lt_s(reached, darkRank))
    middle = i32x4.sub(middle, i32x4.lt_s(reached, middleRank))
    bright = i32x4.sub(bright, i32x4.lt_s(reached, brightRank))
    last = i32x4.sub(last, i32x4.lt_s(reached, i32x4.splat(count)))
  }
  store<i32>(rankLevels, sumLanes(first))
  store<i32>(rankLevels, sumLanes(dark), 4)
  store<i32>(rankLevels, sumLanes(middle), 8)
  store<i32>(rankLevels, sumLanes(bright), 12)
  store<i32>(rankLevels, sumLanes(last), 16)
}

function takePart(at: usize): v128 {
  const left = i32x4.add(v128.load(at, parts), v128.load(at, parts + 1024))
  const right = i32x4.add(v128.load(at, parts + 2048), v128.load(at, parts + 3072))
  const zero = i32x4.splat(0)
  v128.store(at, zero, parts)
  v128.store(at, zero, parts + 1024)
  v128.store(at, zero, parts + 2048)
  v128.store(at, zero, parts + 3072)
  return i32x4.add(left, right)
}

/** Level of the lowest value (0), of the quantiles 5%, 50% and 95% (1 to 3) and of the highest value (4). */
export function levelOfRank(rank: i32): i32 {
  return load<i32>((<usize>rank) << 2, rankLevels)
}

/** Values of levels from `from` to `to`. */
export function valuesBetween(from: i32, to: i32): i32 {
  const before = from > 0 ? load<i32>((<usize>(from - 1)) << 2, cumulative) : 0
  return load<i32>((<usize>to) << 2, cumulative) - before
}

/** Sums over the values by their levels; read by `levelSum`. */
export function sumLevels(): void {
  let sum = f64x2.splat(0)
  let square = sum
  let cube = sum
  let entropy = sum
  for (let at: usize = 0; at < 1024; at += 8) {
    const grey = v128.load(2 * at, greys)
    const times = f64x2.convert_low_i32x4_s(v128.load64_zero(at, counts))
    const first = f64x2.mul(times, grey)
    const second = f64x2.mul(first, grey)
    sum = f64x2.add(sum, first)
    square = f64x2.add(square, second)
    cube = f64x2.add(cube, f64x2.mul(second, grey))
    entropy = f64x2.add(entropy, f64x2.mul(times, v128.load(2 * at, entropies)))
  }
  store<f64>(levelSums, addUp(sum))
  store<f64>(levelSums, addUp(square), 8)
  store<f64>(levelSums, addUp(cube), 16)
  store<f64>(levelSums, addUp(entropy), 24)
}

/** Σ grey (0), Σ grey² (1), Σ grey³ (2), Σ binary entropy (3). */
export function levelSum(index: i32): f64 {
  return load<f64>((<usize>index) << 3, levelSums)
}

/** Σ n ln n over the counts of the levels. */
export function sumTimesLogs(): f64 {
  let most = i32x4.splat(0)
  for (let at: usize = 0; at < 1024; at += 16) most = i32x4.max_s(most, v128.load(at, counts))
  return v128.any_true(i32x4.gt_s(most, i32x4.splat(1023))) ? computeLogs() : lookUpLogs()
}

/** Four sums, so that additions don't wait for each other. */
function lookUpLogs(): f64 {
  let a: f64 = 0
  let b: f64 = 0
  let c: f64 = 0
  let d: f64 = 0
  for (let at: usize = 0; at < 1024; at += 16) {
    a += load<f64>(load<u32>(at, counts) << 3, timesLogs)
    b += load<f64>(load<u32>(at, counts + 4) << 3, timesLogs)
    c += load<f64>(load<u32>(at, counts + 8) << 3, timesLogs)
    d += load<f64>(load<u32>(at, counts + 12) << 3, timesLogs)
  }
  return a + b + (c + d)
}

function computeLogs(): f64 {
  let sum: f64 = 0
  for (let at: usize = 0; at < 1024; at += 4) {
    const n = load<i32>(at, counts)
    sum += n < 1024 ? load<f64>((<usize>n) << 3, timesLogs) : <f64>n * Math.log(n)
  }
  return sum
}

/** How the histogram looks; read by `levelsUsed`, `oddValues` and `interiorRoughness`. */
export function inspectCounts(): void {
  let used = i32x4.splat(0)
  let odd = used
  let rough = used
  const darkest = load<i32>(0, counts)
  const brightest = load<i32>(0, counts + 1020)
  // The ends count as empty: many images have far more black and white than anything else.
  store<i32>(0, 0, counts)
  store<i32>(0, 0, counts + 1020)
  for (let at: usize = 0; at < 1024; at += 16) {
    const times = v128.load(at, counts)
    used = i32x4.sub(used, i32x4.gt_s(times, i32x4.splat(0)))
    odd = i32x4.add(odd, v128.and(times, i32x4(0, -1, 0, -1)))
    const beside = i32x4.add(v128.load(at, counts - 4), v128.load(at, counts + 4))
    rough = i32x4.add(rough, i32x4.abs(i32x4.sub(beside, i32x4.add(times, times))))
  }
  store<i32>(0, darkest, counts)
  store<i32>(0, brightest, counts + 1020)
  store<i32>(shapes, sumLanes(used) + i32(darkest > 0) + i32(brightest > 0))
  store<i32>(shapes, sumLanes(odd), 4)
  const ends = load<i32>(0, counts + 4) + load<i32>(0, counts + 1016)
  store<i32>(shapes, sumLanes(rough) - ends, 8)
}

/** Distinct levels. */
export function levelsUsed(): i32 {
  return load<i32>(shapes)
}

/** Values at the odd levels 1 to 253. */
export function oddValues(): i32 {
  return load<i32>(shapes, 4)
}

/** Σ |second difference| of the counts of levels 1 to 254; levels beyond count as empty. */
export function interiorRoughness(): i32 {
  return load<i32>(shapes, 8)
}

function sumLanes(v: v128): i32 {
  const pairs = i32x4.add(v, v128.shuffle<i32>(v, v, 2, 3, 2, 3))
  return i32x4.extract_lane(pairs, 0) + i32x4.extract_lane(pairs, 1)
}
