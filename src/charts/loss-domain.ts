import { quantileSorted } from 'd3-array'
import { scaleLinear, scaleLog } from 'd3-scale'
import { formatNumber } from '../wording/index.ts'
import type { Tick } from './bottom-axis.ts'

/** A shared axis for reference and batch on which outliers do not flatten the rest. */
export type LossScale = {
  readonly kind: 'linear' | 'log'
  readonly domain: readonly [low: number, high: number]
  /** Position of a loss in pixels, clamped to the range. */
  position(loss: number): number
  /** Where a loss lies between 0 and 1 of the axis; outside of it beyond the ends. */
  fraction(loss: number): number
  readonly ticks: readonly Tick[]
}

/** Beyond this ratio of largest to smallest shown loss the axis is logarithmic. */
const LOG_FROM_RATIO = 12

/** Covers 99% of either sample and the two means, whatever the rest does. */
export function createLossScale(
  samples: readonly (readonly number[])[],
  range: readonly [left: number, right: number],
): LossScale {
  const sorted = samples
    .map((sample) => sample.filter(Number.isFinite).toSorted((a, b) => a - b))
    .filter((s) => s.length > 0)
  const low = Math.min(...sorted.map((s) => quantileSorted(s, 0.005) as number))
  const high = Math.max(...sorted.map((s) => quantileSorted(s, 0.995) as number))
  if (!Number.isFinite(low) || !Number.isFinite(high)) return linearScale([0, 1], range)
  if (low > 0 && high / low > LOG_FROM_RATIO) return logScale([low / 1.15, high * 1.15], range)
  const margin = (high - low) * 0.06 || Math.abs(high) * 0.1 || 0.5
  return linearScale([low >= 0 ? Math.max(0, low - margin) : low - margin, high + margin], range)
}

function linearScale(
  domain: readonly [number, number],
  range: readonly [number, number],
): LossScale {
  const scale = scaleLinear(domain, range).clamp(true)
  const count = Math.max(3, Math.round((range[1] - range[0]) / 110))
  const values = scale.ticks(count)
  const label = scale.tickFormat(count)
  return {
    kind: 'linear',
    domain,
    position: (loss) => scale(loss),
    fraction: (loss) => (loss - domain[0]) / (domain[1] - domain[0]),
    ticks: values.map((value) => ({
      position: scale(value),
      label: label(value).replace('-', '−'),
    })),
  }
}

function logScale(domain: readonly [number, number], range: readonly [number, number]): LossScale {
  const scale = scaleLog(domain, range).clamp(true)
  const decades = Math.log10(domain[1] / domain[0])
  const shown = (range[1] - range[0]) / decades > 170 ? [1, 2, 5] : [1]
  const values = scale
    .ticks()
    .filter((value) =>
      shown.includes(Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9))),
    )
  return {
    kind: 'log',
    domain,
    position: (loss) => scale(Math.max(loss, domain[0])),
    fraction: (loss) =>
      Math.log(Math.max(loss, 1e-300) / domain[0]) / Math.log(domain[1] / domain[0]),
    ticks: values.map((value) => ({ position: scale(value), label: formatNumber(value, 1) })),
  }
}
