import { scaleLinear, scaleLog } from 'd3-scale'
import { line } from 'd3-shape'
import { formatNumber, formatPercent } from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis } from './bottom-axis.ts'
import { type ChartOptions, drawFrame, drawLine, drawText, round, WIDE } from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { ink } from './palette.ts'

/** How often each strength of a change was found. */
export type DetectionCurves = {
  readonly series: readonly DetectionSeries[]
  /** What the strength counts, with its unit. */
  readonly label: string
  readonly from: number
  readonly to: number
  /** A strength as the axis has it. */
  readonly shown: (strength: number) => string
  /** Found so often is called found, drawn as a line. */
  readonly goal: number
}

/** One way of watching; points by rising strength. */
export type DetectionSeries = {
  readonly name: string
  /** Dashed lines are of batches. */
  readonly way: 'stream' | 'batches'
  /** 0 for the strongest line, growing paler. */
  readonly rank: number
  readonly points: readonly { readonly strength: number; readonly share: number }[]
}

const TOP = 30
const LEFT = 44
const PLOT_HEIGHT = 150
const TICKS = 6

/** Share of runs in which a change was found, by its strength on a logarithmic axis. */
export function drawDetectionCurves(data: DetectionCurves, options: ChartOptions): string {
  const { series, label, from, to, shown, goal } = data
  const right = options.width - (options.width < WIDE ? 12 : 150)
  const bottom = TOP + PLOT_HEIGHT
  const x = scaleLog([from, to], [LEFT, right])
  const y = scaleLinear([0, 1], [bottom, TOP])
  const drawing = markup`${drawText([0, 12], 'found in', { colour: ink('muted'), size: 12 })}
${[0, 0.5, 1].map((share) => [
  drawLine([LEFT, y(share)], [right, y(share)], { colour: ink('hairline') }),
  drawText([LEFT - 8, y(share) + 4], formatPercent(share), {
    anchor: 'end',
    colour: ink('muted'),
    size: 12,
  }),
])}
${drawLine([LEFT, y(goal)], [right, y(goal)], { colour: ink('muted'), dashes: '2 4' })}
${drawBottomAxis({ ticks: ticksOf(x, data), range: [LEFT, right], width: options.width, y: bottom, label })}
${series.map((one) => drawSeries(one, x, y))}
${options.width < WIDE ? null : drawKey(series, right + 16)}`
  return drawFrame(
    {
      ...options,
      height: bottom + BOTTOM_AXIS_HEIGHT,
      title: 'How often a change of this strength was found',
      description: series
        .map(({ name, points }) => {
          const found = points.find(({ share }) => share >= goal)
          return found === undefined
            ? `${name}: never in ${formatPercent(goal)} of the runs.`
            : `${name}: in ${formatPercent(goal)} of the runs from ${shown(found.strength)} on.`
        })
        .join(' '),
    },
    drawing,
  )
}

type Log = ReturnType<typeof scaleLog<number, number>>
type Linear = ReturnType<typeof scaleLinear<number, number>>

function ticksOf(x: Log, { from, to, shown }: DetectionCurves) {
  return Array.from({ length: TICKS }, (_, i) => {
    const strength = from * (to / from) ** (i / (TICKS - 1))
    return { position: x(strength), label: shown(strength) }
  })
}

const OPACITIES = [1, 0.7, 0.45]

function drawSeries({ way, rank, points, name }: DetectionSeries, x: Log, y: Linear): Markup {
  const path = line<DetectionSeries['points'][number]>()
    .x(({ strength }) => x(strength))
    .y(({ share }) => y(share))
    .digits(1)([...points])
  const colour = colourOf(way)
  const opacity = OPACITIES[Math.min(rank, OPACITIES.length - 1)]
  const dashes = way === 'batches' ? markup` stroke-dasharray="5 4"` : null
  return markup`<g opacity="${opacity}"><path d="${path ?? ''}" fill="none" stroke="${colour}" stroke-width="2" stroke-linejoin="round"${dashes}/>
${points.map(
  ({ strength, share }) =>
    markup`<circle cx="${round(x(strength))}" cy="${round(y(share))}" r="3" fill="${colour}"><title>${name}, ${formatNumber(strength, 2)}: ${formatPercent(share)}</title></circle>`,
)}</g>`
}

const colourOf = (way: DetectionSeries['way']): string =>
  ink(way === 'stream' ? 'batch' : 'reference')

function drawKey(series: readonly DetectionSeries[], left: number): Markup[] {
  return series.map(({ name, way, rank }, i) => {
    const top = TOP + 4 + i * 22
    const opacity = OPACITIES[Math.min(rank, OPACITIES.length - 1)]
    const stroke = drawLine([left, top], [left + 22, top], {
      colour: colourOf(way),
      width: 2,
      ...(way === 'batches' && { dashes: '5 4' }),
    })
    return markup`<g opacity="${opacity}">${stroke}</g>${drawText([left + 30, top + 4], name, { colour: ink('muted'), size: 12 })}`
  })
}
