import { entropyAddress } from './histogram'
import { addDoubles } from './lanes'
import { logarithms } from './logarithm'

/** In grey levels of 1/255: wider than float32 rounding, narrower than a step of 16-bit data (1/257). */
const gridTolerance: f64 = 1e-3
/** The same for steps of 1/65535, whose float32 rounding reaches 0.004. */
const fineGridTolerance: f64 = 0.05

const sums = memory.data(8 * 16, 16)
/** Two double sums each: values off the 1/255 grid, off the 1/65535 grid too, and those nearest to black and to white. */
export const offGrid = sums
export const offFineGrid = sums + 16
export const offBlack = sums + 32
export const offWhite = sums + 48
/** Σ (v^p − grey^p) over off-grid values, and the same for the binary entropy. */
export const offSum = sums + 64
export const offSquare = sums + 80
export const offCube = sums + 96
export const offEntropy = sums + 112

/** Of sixteen values: their levels and whether they are off the grid, as doubles, and their binary entropies. */
const levels = memory.data(128, 16)
const masks = memory.data(128, 16)
const entropies = memory.data(64, 16)

/** Before an image. */
export function clearOffGrid(): void {
  memory.fill(sums, 0, 8 * 16)
}

/** Writes the levels of sixteen values, a byte each, and adds up what those off the grid add to them. In doubles, since
 * rounding may decide whether a value is on the grid. */
export function writeOffGrid(values: usize, target: usize): void {
  findLevels(values, target)
  countOff(values)
  sumPowers(values)
  sumEntropies(values, target)
}

function findLevels(values: usize, target: usize): void {
  for (let k: usize = 0; k < 16; k += 2) {
    const scaled = f64x2.mul(loadDoubles(values + 4 * k), f64x2.splat(255))
    const nearest = f64x2.floor(f64x2.add(scaled, f64x2.splat(0.5)))
    const level = f64x2.pmax(f64x2.splat(0), f64x2.pmin(f64x2.splat(255), nearest))
    const gap = f64x2.abs(f64x2.sub(scaled, level))
    const index = i32x4.trunc_sat_f64x2_s_zero(level)
    store<u8>(target + k, i32x4.extract_lane(index, 0))
    store<u8>(target + k, i32x4.extract_lane(index, 1), 1)
    v128.store(levels + 8 * k, level)
    v128.store(masks + 8 * k, f64x2.gt(gap, f64x2.splat(gridTolerance)))
  }
}

function countOff(values: usize): void {
  let all = f64x2.splat(0)
  let fine = all
  let black = all
  let white = all
  for (let k: usize = 0; k < 16; k += 2) {
    const level = v128.load(levels + 8 * k)
    const one = v128.and(f64x2.splat(1), v128.load(masks + 8 * k))
    const scaled = f64x2.mul(loadDoubles(values + 4 * k), f64x2.splat(65535))
    const gap = f64x2.abs(f64x2.sub(scaled, f64x2.nearest(scaled)))
    all = f64x2.add(all, one)
    fine = f64x2.add(fine, v128.and(one, f64x2.gt(gap, f64x2.splat(fineGridTolerance))))
    black = f64x2.add(black, v128.and(one, f64x2.eq(level, f64x2.splat(0))))
    white = f64x2.add(white, v128.and(one, f64x2.eq(level, f64x2.splat(255))))
  }
  addDoubles(offGrid, all)
  addDoubles(offFineGrid, fine)
  addDoubles(offBlack, black)
  addDoubles(offWhite, white)
}

function sumPowers(values: usize): void {
  let sum = f64x2.splat(0)
  let square = sum
  let cube = sum
  for (let k: usize = 0; k < 16; k += 2) {
    const value = loadDoubles(values + 4 * k)
    const grey = f64x2.mul(v128.load(levels + 8 * k), f64x2.splat(1.0 / 255))
    const step = v128.and(f64x2.sub(value, grey), v128.load(masks + 8 * k))
    const both = f64x2.add(value, grey)
    const mixed = f64x2.sub(f64x2.mul(both, both), f64x2.mul(value, grey))
    sum = f64x2.add(sum, step)
    square = f64x2.add(square, f64x2.mul(step, both))
    cube = f64x2.add(cube, f64x2.mul(step, mixed))
  }
  addDoubles(offSum, sum)
  addDoubles(offSquare, square)
  addDoubles(offCube, cube)
}

function sumEntropies(values: usize, target: usize): void {
  for (let at: usize = 0; at < 64; at += 16) {
    v128.store(entropies + at, binaryEntropies(v128.load(values + at)))
  }
  let sum = f64x2.splat(0)
  for (let k: usize = 0; k < 16; k += 2) {
    const first = v128.load64_zero(entropyAddress(load<u8>(target + k)))
    const grey = v128.load64_lane(entropyAddress(load<u8>(target + k, 1)), first, 1)
    const more = f64x2.sub(loadDoubles(entropies + 4 * k), grey)
    sum = f64x2.add(sum, v128.and(more, v128.load(masks + 8 * k)))
  }
  addDoubles(offEntropy, sum)
}

/** Two floats as doubles. */
function loadDoubles(address: usize): v128 {
  return f64x2.promote_low_f32x4(v128.load64_zero(address))
}

/** −v ln v − (1−v) ln (1−v), nats; 0 where v is not between 0 and 1. */
function binaryEntropies(value: v128): v128 {
  const rest = f32x4.sub(f32x4.splat(1), value)
  const zero = f32x4.splat(0)
  const isInside = v128.and(f32x4.gt(value, zero), f32x4.gt(rest, zero))
  const sum = f32x4.add(f32x4.mul(value, logarithms(value)), f32x4.mul(rest, logarithms(rest)))
  return v128.and(f32x4.neg(sum), isInside)
}
