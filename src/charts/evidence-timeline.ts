import { scaleLinear, scaleLog } from 'd3-scale'
import { area } from 'd3-shape'
import { formatCount } from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis } from './bottom-axis.ts'
import { type ChartOptions, drawFrame, drawLine, drawText, WIDE } from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { type ColourName, ink } from './palette.ts'

/** Evidence for a change over the length of a stream. */
export type EvidenceTimeline = {
  /** Images (or blocks of them) that each number stands for. */
  readonly every: number
  /** Strongest evidence in each, in units of what alarms. */
  readonly peaks: readonly number[]
  /** What the axis counts: `images`. */
  readonly unit: string
  readonly marks: readonly TimelineMark[]
}

/** Something that happened, by the number of its image (or block), from 1. */
export type TimelineMark = {
  readonly at: number
  readonly kind: 'change' | 'alarm' | 'over' | 'dependent'
  readonly label: string
}

const TOP = 44
const LEFT = 52
const PLOT_HEIGHT = 170
/** Evidence below and above is drawn at these ends. */
const [FAINTEST, STRONGEST] = [1e-6, 1e3]
const COLOURS: Readonly<Record<TimelineMark['kind'], ColourName>> = {
  change: 'batch',
  alarm: 'drift',
  over: 'ok',
  dependent: 'warning',
}

/** Evidence by the number of the image on a logarithmic scale, the line that alarms, and what happened when. */
export function drawEvidenceTimeline(data: EvidenceTimeline, options: ChartOptions): string {
  const { every, peaks, unit, marks } = data
  const last = Math.max(1, every * peaks.length)
  const right = options.width - 12
  const bottom = TOP + PLOT_HEIGHT
  const x = scaleLinear([0, last], [LEFT, right])
  const y = scaleLog([FAINTEST, STRONGEST], [bottom, TOP]).clamp(true)
  const ticks = options.width < WIDE ? 3 : 7
  const path = area<number>()
    .x((_, i) => x(Math.min(last, every * (i + 0.5))))
    .y0(bottom)
    .y1((peak) => y(Math.max(FAINTEST, peak)))
    .digits(1)([...peaks])
  const drawing = markup`${drawText([0, 12], 'evidence for a change; 1 alarms', { colour: ink('muted'), size: 12 })}
${[1e-6, 1e-3, 1e3].map((level) => drawLine([LEFT, y(level)], [right, y(level)], { colour: ink('hairline') }))}
${[
  [1e-6, '10⁻⁶'],
  [1e-3, '0.001'],
  [1, '1'],
  [1e3, '1,000'],
].map(([level, label]) =>
  drawText([LEFT - 8, y(Number(level)) + 4], String(label), {
    anchor: 'end',
    colour: ink('muted'),
    size: 12,
  }),
)}
<path d="${path ?? ''}" fill="${ink('reference')}" fill-opacity=".35" stroke="${ink('reference')}" stroke-width="1"/>
${drawLine([LEFT, y(1)], [right, y(1)], { colour: ink('drift'), dashes: '4 3' })}
${marks.map((mark) => drawMark(mark, x(Math.min(last, mark.at)), { bottom, width: options.width }))}
${drawBottomAxis({
  ticks: x
    .ticks(ticks)
    .filter(Number.isInteger)
    .map((value) => ({ position: x(value), label: formatCount(value) })),
  range: [LEFT, right],
  width: options.width,
  y: bottom,
  label: unit,
})}`
  return drawFrame(
    {
      ...options,
      height: bottom + BOTTOM_AXIS_HEIGHT,
      title: 'Evidence for a change, from the first image to the last',
      description:
        marks.length === 0
          ? `Nothing happened in ${formatCount(last)} ${unit}.`
          : marks.map(({ at, label }) => `${label} at ${formatCount(at)}.`).join(' '),
    },
    drawing,
  )
}

function drawMark(
  { kind, label }: TimelineMark,
  x: number,
  { bottom, width }: { readonly bottom: number; readonly width: number },
): Markup {
  const colour = ink(COLOURS[kind])
  const anchor = x > width - 80 ? 'end' : 'start'
  // Names of beginnings stand above those of alarms, so that the two of one change do not touch.
  const height = kind === 'change' ? TOP - 16 : TOP - 2
  return markup`${drawLine([x, height], [x, bottom], {
    colour,
    width: 1.5,
    ...(kind === 'change' && { dashes: '2 3' }),
  })}
${drawText([anchor === 'start' ? x + 4 : x - 4, height + 2], label, { anchor, colour, size: 12, weight: 550, halo: true })}`
}
