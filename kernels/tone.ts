import {
  countLevels,
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
import { ratio, total, write } from './lanes'
import {
  clearOffGrid,
  offBlack,
  offCube,
  offEntropy,
  offFineGrid,
  offGrid,
  offSquare,
  offSum,
  offWhite,
  writeOffGrid,
} from './off-grid'

/** 2¹⁴: added to a level, it leaves the level above nine bits of fraction, all zero nearer than 2⁻¹⁰ to the grid. */
const fixedPoint: f32 = 16384
const fractionBits = 9

/** Values turned into levels before they are counted: reading bytes just written as vectors would wait for them. */
const chunk = 1024
/** Their levels, a byte each. */
const levels = memory.data(chunk, 16)

/** The last few values of an image, filled up with black, and their levels. */
const lastValues = memory.data(64, 16)
const lastLevels = memory.data(16, 16)

/** Writes the 21 columns of the tone family. */
export function measureTone(values: usize, count: i32, out: usize): void {
  clearOffGrid()
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
  for (; count > 0; count -= chunk, values += 4 * chunk) {
    const some = min(count, chunk)
    writeLevels(values, some)
    countLevels(levels, some)
  }
}

function writeLevels(values: usize, count: i32): void {
  let at = 0
  for (; at + 16 <= count; at += 16) writeSixteen(values + ((<usize>at) << 2), levels + at)
  if (at === count) return
  memory.fill(lastValues, 0, 64)
  memory.copy(lastValues, values + ((<usize>at) << 2), (<usize>(count - at)) << 2)
  writeSixteen(lastValues, lastLevels)
  memory.copy(levels + at, lastLevels, count - at)
}

function writeSixteen(values: usize, target: usize): void {
  const a = toFixedPoint(values)
  const b = toFixedPoint(values + 16)
  const c = toFixedPoint(values + 32)
  const d = toFixedPoint(values + 48)
  const low = i16x8.narrow_i32x4_s(levelOf(a), levelOf(b))
  const high = i16x8.narrow_i32x4_s(levelOf(c), levelOf(d))
  v128.store(target, i8x16.narrow_i16x8_u(low, high))
  const fractions = i32x4.splat((1 << fractionBits) - 1)
  if (v128.any_true(v128.and(v128.or(v128.or(a, b), v128.or(c, d)), fractions))) {
    writeOffGrid(values, target)
  }
}

function toFixedPoint(values: usize): v128 {
  return f32x4.add(f32x4.mul(v128.load(values), f32x4.splat(255)), f32x4.splat(fixedPoint))
}

function levelOf(fixed: v128): v128 {
  return i32x4.shr_s(i32x4.sub(fixed, f32x4.splat(fixedPoint)), fractionBits)
}

/** Mean, standard deviation, skewness. */
function writeMoments(count: i32, out: usize): void {
  const mean = (levelSum(0) + total(offSum)) / count
  const second = (levelSum(1) + total(offSquare)) / count
  const variance = max(0, second - mean * mean)
  const third = (levelSum(2) + total(offCube)) / count - 3 * mean * second + 2 * mean * mean * mean
  write(out, 0, mean)
  write(out, 1, Math.sqrt(variance))
  // Below a variance of 1e-9 (a hundredth of a level) the third moment is rounding noise.
  write(out, 2, variance > 1e-9 ? third / (variance * Math.sqrt(variance)) : 0)
}

/** Quantiles to the nearest level, then shares of dark, middle and bright pixels. */
function writeTones(count: i32, out: usize): void {
  for (let rank = 0; rank < 5; rank++) write(out, 3 + rank, <f64>levelOfRank(rank) / 255)
  const values = <f64>count
  write(out, 8, (<f64>valuesBetween(0, 0) - total(offBlack)) / values)
  write(out, 9, <f64>valuesBetween(0, 2) / values)
  write(out, 10, <f64>valuesBetween(51, 204) / values)
  write(out, 11, <f64>valuesBetween(250, 255) / values)
  write(out, 12, (<f64>valuesBetween(255, 255) - total(offWhite)) / values)
}

/** Distinct levels, grid, gaps, comb, lowest bit, entropies. */
function writeQuantisation(count: i32, out: usize): void {
  const values = <f64>count
  const interior = <f64>valuesBetween(1, 254)
  const used = levelsUsed()
  write(out, 13, used)
  write(out, 14, total(offGrid) / values)
  write(out, 15, total(offFineGrid) / values)
  write(out, 16, 1 - <f64>used / <f64>(levelOfRank(4) - levelOfRank(0) + 1))
  write(out, 17, ratio(<f64>interiorRoughness(), 4 * interior))
  write(out, 18, ratio(<f64>oddValues(), interior, 0.5))
  write(out, 19, (Math.log(values) - sumTimesLogs() / values) / Math.LN2)
  write(out, 20, (levelSum(3) + total(offEntropy)) / values)
}
