import type { SizeDraws } from './channel-draws.ts'
import type { OmnibusLayout } from './layout.ts'
import { ascending, countBelow } from '../sorted.ts'

/**
 * Null draws of channels, combined by minimum p within each group (Westfall & Young 1993, algorithm
 * 2.5). A value's strength is −(number of null draws at least as large), plus a fraction that orders
 * equal counts by how far the value stands in the upper tail; without it a value beyond every draw
 * would tie with the largest draw of every other channel, and no p-value could fall below
 * (channels) / (draws).
 */
export type GroupedNull = {
  /** Null draws, ascending, one array per channel. */
  readonly channels: readonly Float32Array[]
  /** Strengths of the draws within each group, ascending. */
  readonly groups: readonly Float32Array[]
}

/** The same, with the groups combined in turn. */
export type OmnibusNull = GroupedNull & {
  /** Strengths of the draws over all groups, ascending. */
  readonly overall: Float32Array
}

/** What a window is judged by. */
export type WindowNull = OmnibusNull & {
  /** Every tested column by itself: a channel per statistic, a group per column. */
  readonly columns: GroupedNull
}

/** How strong one window (or draw) is in a channel. */
export type Strength = {
  /** ≤ 1, higher = stronger. */
  readonly value: number
  /** The fraction in it, in [0, 1). */
  readonly beyond: number
}

/** Builds the null of a layout from its draws. */
export function windowNull(layout: OmnibusLayout, draws: SizeDraws): WindowNull {
  const all = combineChannels(layout.groupOfChannel, draws.channels)
  const groups = all.values.map(ascending)
  const overall = all.values[0].slice().fill(-Infinity)
  groups.forEach((sorted, g) => {
    for (let b = 0; b < overall.length; b++) {
      overall[b] = Math.max(overall[b], levelOf(sorted, all.values[g][b], all.tails[g][b]))
    }
  })
  const alone = combineChannels(
    layout.statistics.map(({ of }) => of),
    draws.statistics,
  )
  return {
    channels: all.channels,
    groups,
    overall: ascending(overall),
    columns: { channels: alone.channels, groups: alone.values.map(ascending) },
  }
}

/** Strength and its fraction of every draw in each group; `groupOf` names the group of each channel. */
function combineChannels(groupOf: readonly number[], draws: readonly Float32Array[]) {
  const channels = draws.map(ascending)
  const count = draws[0].length
  const values = Array.from({ length: 1 + Math.max(...groupOf) }, () =>
    new Float32Array(count).fill(-Infinity),
  )
  const tails = values.map(() => new Float32Array(count))
  groupOf.forEach((group, c) => {
    for (let b = 0; b < count; b++) {
      const { value, beyond } = channelStrength(channels[c], draws[c][b])
      if (value <= values[group][b]) continue
      values[group][b] = value
      tails[group][b] = beyond
    }
  })
  return { channels, values, tails }
}

/** Strength of a value of a channel by that channel's ascending null. */
export function channelStrength(sorted: Float32Array, value: number): Strength {
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
