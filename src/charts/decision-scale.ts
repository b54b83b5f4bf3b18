import { scaleLinear, scaleLog } from 'd3-scale'
import {
  formatChange,
  formatInterval,
  formatPercent,
  formatPValueEquation,
  formatRate,
  type Interval,
} from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis, type Tick } from './bottom-axis.ts'
import { type ChartOptions, drawFrame, drawLine, drawText, round, WIDE } from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { pValueTicks } from './p-value-ticks.ts'
import { ink, type Tone } from './palette.ts'

/** A decision and the limit it was held against: a p-value from above, or a relative change from below. */
export type DecisionScale = {
  readonly tone: Tone
  readonly limit: number
} & (
  | { readonly by: 'p-value'; readonly pValue: number }
  | { readonly by: 'increase'; readonly change: Interval }
)

type Decision = {
  /** In pixels. */
  readonly value: number
  readonly interval?: readonly [left: number, right: number]
  readonly limit: number
  readonly valueLabel: string
  readonly limitLabel: string
  readonly ticks: readonly Tick[]
  readonly axisLabel: string
  readonly ends: readonly [left: string, right: string]
  readonly description: string
}

type Anchor = 'start' | 'middle' | 'end'

const MARGIN = 12
const BAR_TOP = 46
const BAR_HEIGHT = 10

/** Where a decision stands against its limit. */
export function drawDecisionScale(data: DecisionScale, options: ChartOptions): string {
  const range: [number, number] = [MARGIN, options.width - MARGIN]
  const { tone, limit } = data
  const decision =
    data.by === 'p-value'
      ? decideByPValue(data.pValue, limit, range)
      : decideByIncrease(data.change, limit, range)
  const axisY = BAR_TOP + BAR_HEIGHT + 2
  const drawing = markup`${drawBar(decision, range, tone)}
${drawBottomAxis({
  ticks: decision.ticks,
  range,
  width: options.width,
  y: axisY,
  bare: true,
  label:
    options.width < WIDE
      ? decision.axisLabel
      : `← ${decision.ends[0]} · ${decision.axisLabel} · ${decision.ends[1]} →`,
})}
${drawMarker(decision, range, tone)}`
  return drawFrame(
    {
      ...options,
      height: axisY + BOTTOM_AXIS_HEIGHT,
      title: 'The verdict against its threshold',
      description: decision.description,
    },
    drawing,
  )
}

function decideByPValue(pValue: number, limit: number, range: [number, number]): Decision {
  const smallest = Math.max(1e-12, Math.min(1e-4, pValue, limit / 10))
  const x = scaleLog([1, smallest / 1.5], range).clamp(true)
  const equation = formatPValueEquation(pValue)
  return {
    value: x(Math.max(pValue, smallest / 1.5)),
    limit: x(limit),
    valueLabel: equation,
    limitLabel: `alarm at p ≤ ${formatRate(limit)}`,
    ticks: pValueTicks(x, smallest),
    axisLabel: 'p-value, log scale',
    ends: ['like the reference', 'unlike it'],
    description: `${equation}; alarm at ${formatRate(limit)} or less.`,
  }
}

function decideByIncrease(change: Interval, limit: number, range: [number, number]): Decision {
  const low = Math.min(-limit, change.low, change.value)
  const high = Math.max(limit * 2, change.high, change.value)
  const finite = [low, high].every(Number.isFinite)
  const x = scaleLinear(finite ? [low, high] : [-limit, Math.max(2 * limit, change.value)], range)
    .nice(5)
    .clamp(true)
  return {
    value: x(change.value),
    interval: [x(change.low), x(change.high)],
    limit: x(limit),
    valueLabel: formatChange(change.value),
    limitLabel: `alarm above +${formatPercent(limit)}`,
    ticks: x.ticks(Math.max(3, Math.round((range[1] - range[0]) / 120))).map((value) => ({
      position: x(value),
      label: value > 0 ? `+${formatPercent(value)}` : formatPercent(value),
    })),
    axisLabel: 'change of the mean loss',
    ends: ['easier to reconstruct', 'harder'],
    description: `Mean loss ${formatChange(change.value)} (${formatInterval(change)}); alarm above +${formatPercent(limit)}.`,
  }
}

function drawBar(decision: Decision, range: readonly [number, number], tone: Tone): Markup {
  const { limit, limitLabel } = decision
  const end = limit > range[1] - 150
  const colour = ink(tone === 'ok' ? 'muted' : tone)
  return markup`<rect x="0" y="${BAR_TOP}" width="${round(range[1] + MARGIN)}" height="${BAR_HEIGHT}" rx="5" fill="${ink('ink')}" fill-opacity="0.09"/>
<path d="M${round(limit)},${BAR_TOP}H${range[1] + MARGIN - 5}a5,5 0 0 1 0,${BAR_HEIGHT}H${round(limit)}Z" fill="${colour}" fill-opacity="0.3"/>
${drawLine([limit, 4], [limit, BAR_TOP + BAR_HEIGHT + 4], { colour: ink('ink'), width: 1.25 })}
${drawText([limit + (end ? -7 : 7), 12], limitLabel, { anchor: end ? 'end' : 'start', colour: ink('muted'), size: 12 })}`
}

function drawMarker(decision: Decision, range: readonly [number, number], tone: Tone): Markup {
  const { value, interval, valueLabel } = decision
  const y = BAR_TOP + BAR_HEIGHT / 2
  const anchor = markerAnchor(decision, range)
  const isBesideLimit = Math.abs(value - decision.limit) < 15
  const x = isBesideLimit
    ? decision.limit + (anchor === 'end' ? -7 : 7)
    : { start: value - 8, middle: value, end: value + 8 }[anchor]
  return markup`${interval === undefined ? null : drawLine([interval[0], y], [interval[1], y], { colour: ink(tone), width: 3 })}
<circle cx="${round(value)}" cy="${y}" r="9" fill="${ink(tone)}" stroke="${ink(`${tone}-tint`)}" stroke-width="3"/>
${drawText([x, BAR_TOP - 9], valueLabel, { anchor, weight: 650, colour: ink(tone), size: 14 })}`
}

/** Keeps the label inside the picture and off the threshold's line. */
function markerAnchor({ value, limit }: Decision, range: readonly [number, number]): Anchor {
  if (value > range[1] - 60) return 'end'
  if (value < range[0] + 60) return 'start'
  if (Math.abs(value - limit) > 50) return 'middle'
  return value < limit ? 'end' : 'start'
}
