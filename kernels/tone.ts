import {
  binaryEntropy,
  countLevel,
  countSixteen,
  entropyOf,
  greyOf,
  inspectCounts,
  interiorRoughness,
  levelOfRank,
  levelsUsed,
  levelSum,
  mergeParts,
  oddValues,
  sumLevels,
  sumTimesLogs,
  valuesBetween,
} from './histogram'
import { ratio, write } from './lanes'

/** In grey levels of 1/255: wider than float32 rounding, narrower than a step of 16-bit data (1/257). */
const gridTolerance: f64 = 1e-3
/** The same for steps of 1/65535, whose float32 rounding reaches 0.004. */
const fineGridTolerance: f64 = 0.05
/** Within this, float32 arithmetic cannot mistake a value for one on the grid. */
const surelyOnGrid: f32 = 0.9e-3
/** 2²³: added to a smaller positive float, it leaves the nearest integer in the lowest bits. */
const integerBits: f32 = 8388608

/** Levels of sixteen values. */
const levels = memory.data(16, 16)

/** Values off the 1/255 grid, off the 1/65535 grid, and those nearest to black and to white. */
let offGrid = 0
let offFineGrid = 0
let offBlack = 0
let offWhite = 0
/** Σ (v^p − grey^p) over off-grid values, and the same for the binary entropy. */
let sum: f64 = 0
let square: f64 = 0
let cube: f64 = 0
let entropy: f64 = 0

/** Writes the 21 columns of the tone family. */
export function measureTone(values: usize, count: i32, out: usize): void {
  offGrid = offFineGrid = offBlack = offWhite = 0
  sum = square = cube = entropy = 0
  countValues(values, count)
  mergeParts(count)
  sumLevels()
  inspectCounts()
  writeMoments(count, out)
  writeTones(count, out)
  writeQuantisation(count, out)
}

/** On-grid values, nearly all of them, only cost a histogram count. */
function countValues(values: usize, count: i32): void {
  const end = values + ((<usize>count) << 2)
  for (; values + 64 <= end; values += 64) countBlock(values)
  for (; values < end; values += 4) countValue(load<f32>(values))
}

function countBlock(values: usize): void {
  const a = scaledToLevels(values)
  const b = scaledToLevels(values + 16)
  const c = scaledToLevels(values + 32)
  const d = scaledToLevels(values + 48)
  // As integers, positive floats have the same order, and not-a-number is the largest.
  const gaps = i32x4.max_s(i32x4.max_s(gapOf(a), gapOf(b)), i32x4.max_s(gapOf(c), gapOf(d)))
  if (v128.any_true(i32x4.gt_s(gaps, f32x4.splat(surelyOnGrid)))) {
    for (let k: usize = 0; k < 64; k += 4) countValue(load<f32>(values + k))
    return
  }
  const low = i16x8.narrow_i32x4_s(levelOf(a), levelOf(b))
  const high = i16x8.narrow_i32x4_s(levelOf(c), levelOf(d))
  v128.store(levels, i8x16.narrow_i16x8_u(low, high))
  countSixteen(levels)
}

function scaledToLevels(values: usize): v128 {
  return f32x4.mul(v128.load(values), f32x4.splat(255))
}

/** Distance to the nearest level. */
function gapOf(scaled: v128): v128 {
  const bits = f32x4.splat(integerBits)
  return f32x4.abs(f32x4.sub(scaled, f32x4.sub(f32x4.add(scaled, bits), bits)))
}

function levelOf(scaled: v128): v128 {
  const bits = f32x4.splat(integerBits)
  return i32x4.sub(f32x4.add(scaled, bits), bits)
}

/** In doubles, since rounding may decide whether the value is on the grid. */
function countValue(single: f32): void {
  const value = <f64>single
  const scaled = value * 255
  const level = max(0, min(255, <i32>(scaled + 0.5)))
  countLevel(level)
  if (!(abs(scaled - <f64>level) > gridTolerance)) return
  const grey = greyOf(level)
  offGrid++
  if (level === 0) offBlack++
  if (level === 255) offWhite++
  const fine = value * 65535
  if (abs(fine - nearest(fine)) > fineGridTolerance) offFineGrid++
  sum += value - grey
  square += value * value - grey * grey
  cube += value * value * value - grey * grey * grey
  entropy += binaryEntropy(value) - entropyOf(level)
}

/** Mean, standard deviation, skewness. */
function writeMoments(count: i32, out: usize): void {
  const mean = (levelSum(0) + sum) / count
  const second = (levelSum(1) + square) / count
  const variance = max(0, second - mean * mean)
  const third = (levelSum(2) + cube) / count - 3 * mean * second + 2 * mean * mean * mean
  write(out, 0, mean)
  write(out, 1, Math.sqrt(variance))
  // Below a variance of 1e-9 (a hundredth of a level) the third moment is rounding noise.
  write(out, 2, variance > 1e-9 ? third / (variance * Math.sqrt(variance)) : 0)
}

/** Quantiles to the nearest level, then shares of dark, middle and bright pixels. */
function writeTones(count: i32, out: usize): void {
  for (let rank = 0; rank < 5; rank++) write(out, 3 + rank, <f64>levelOfRank(rank) / 255)
  const values = <f64>count
  write(out, 8, <f64>(valuesBetween(0, 0) - offBlack) / values)
  write(out, 9, <f64>valuesBetween(0, 2) / values)
  write(out, 10, <f64>valuesBetween(51, 204) / values)
  write(out, 11, <f64>valuesBetween(250, 255) / values)
  write(out, 12, <f64>(valuesBetween(255, 255) - offWhite) / values)
}

/** Distinct levels, grid, gaps, comb, lowest bit, entropies. */
function writeQuantisation(count: i32, out: usize): void {
  const values = <f64>count
  const interior = <f64>valuesBetween(1, 254)
  const used = levelsUsed()
  write(out, 13, used)
  write(out, 14, <f64>offGrid / values)
  write(out, 15, <f64>offFineGrid / values)
  write(out, 16, 1 - <f64>used / <f64>(levelOfRank(4) - levelOfRank(0) + 1))
  write(out, 17, ratio(<f64>interiorRoughness(), 4 * interior))
  write(out, 18, ratio(<f64>oddValues(), interior, 0.5))
  write(out, 19, (Math.log(values) - sumTimesLogs() / values) / Math.LN2)
  write(out, 20, (levelSum(3) + entropy) / values)
}
