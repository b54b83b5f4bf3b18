import type { OmnibusLayout } from './layout.ts'
import { ascending, countBelow } from '../sorted.ts'

/**
 * Null draws of all channels, combined by minimum p: first the channels of a group, then the
 * groups (Westfall & Young 1993, algorithm 2.5). A value's strength is −(number of null draws at
 * least as large), plus a fraction that orders equal counts by how far the value stands in the
 * upper tail; without it a value beyond every draw would tie with the largest draw of every other
 * channel, and no p-value could fall below (channels) / (draws).
 */
export type OmnibusNull = {
  /** Null draws, ascending, one array per channel. */
  readonly channels: readonly Float32Array[]
  /** Strengths of the draws within each group, ascending. */
  readonly groups: readonly Float32Array[]
  /** Strengths of the draws over all groups, ascending. */
  readonly overall: Float32Array
}

/** How strong one window (or draw) is in a channel or a group. */
export type GroupStrength = {
  /** ≤ 1, higher = stronger. */
  readonly value: number
  /** The fraction in it, in [0, 1). */
  readonly beyond: number
}

/** Builds the null from each channel's draws (channels × draws, entry b of all from the same draw). */
export function buildNull(layout: OmnibusLayout, draws: readonly Float32Array[]): OmnibusNull {
  const channels = draws.map(ascending)
  const groupCount = 1 + Math.max(...layout.channels.map(({ group }) => group))
  const count = draws[0].length
  const values = Array.from({ length: groupCount }, () => new Float32Array(count).fill(-Infinity))
  const tails = values.map(() => new Float32Array(count))
  layout.channels.forEach(({ group }, c) => {
    for (let b = 0; b < count; b++) {
      const { value, beyond } = channelStrength(channels[c], draws[c][b])
      if (value <= values[group][b]) continue
      values[group][b] = value
      tails[group][b] = beyond
    }
  })
  const groups = values.map(ascending)
  const overall = new Float32Array(count).fill(-Infinity)
  for (let g = 0; g < groupCount; g++) {
    for (let b = 0; b < count; b++) {
      overall[b] = Math.max(overall[b], levelOf(groups[g], values[g][b], tails[g][b]))
    }
  }
  return { channels, groups, overall: ascending(overall) }
}

/** Strength of a value of a channel by that channel's ascending null. */
export function channelStrength(sorted: Float32Array, value: number): GroupStrength {
  const beyond = tailPosition(sorted, value)
  return { value: levelOf(sorted, value, beyond), beyond }
}

/** Strength on the scale of an ascending null: −(draws at least as large) + `beyond`. */
export function levelOf(sorted: Float32Array, value: number, beyond: number): number {
  return Math.fround(countBelow(sorted, value) - sorted.length + beyond)
}

/** Excess over the null's median in units of its upper spread, squashed into [0, 1). */
function tailPosition(sorted: Float32Array, value: number): number {
  const median = sorted[sorted.length >>> 1]
  const spread = sorted[Math.floor(0.95 * (sorted.length - 1))] - median
  const unit = spread > 0 ? spread : median > 0 ? median : 1
  const excess = Math.max(0, value - median) / unit
  return Math.fround(Math.min(excess / (1 + excess), 1 - 1e-6))
}
