import { scaleLog } from 'd3-scale'
import { formatPValue } from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis } from './bottom-axis.ts'
import {
  type ChartOptions,
  drawFrame,
  drawLine,
  drawText,
  fitText,
  round,
  WIDE,
} from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { pValueTicks } from './p-value-ticks.ts'
import { ink } from './palette.ts'

/** A family of features, tested as a whole. */
export type GroupRow = {
  readonly title: string
  readonly pValue: number
  /** The feature that shows most, in a tooltip. */
  readonly strongest: string
}

type Layout = {
  readonly narrow: boolean
  readonly rowHeight: number
  readonly plot: readonly [left: number, right: number]
}

/** One row per family of features: its p-value on a logarithmic axis, unusual to the right. */
export function drawGroupEvidence(groups: readonly GroupRow[], options: ChartOptions): string {
  const layout: Layout =
    options.width < WIDE
      ? { narrow: true, rowHeight: 44, plot: [12, options.width - 12] }
      : { narrow: false, rowHeight: 32, plot: [options.width * 0.34, options.width - 86] }
  const smallest = Math.min(1e-4, ...groups.map(({ pValue }) => pValue).filter((p) => p > 1e-12))
  const x = scaleLog([1, smallest / 1.4], layout.plot).clamp(true)
  const bottom = 10 + groups.length * layout.rowHeight
  const drawing = markup`${drawBottomAxis({
    ticks: pValueTicks(x, smallest),
    range: layout.plot,
    width: options.width,
    y: bottom,
    label: layout.narrow
      ? 'p-value of the family, log scale'
      : 'p-value of the family (log scale) · rarer under “no change” →',
    gridTop: 10,
  })}
${groups.map((group, i) => drawGroup(group, { x: x(Math.max(group.pValue, smallest / 1.4)), top: 10 + i * layout.rowHeight, layout, width: options.width }))}`
  return drawFrame(
    {
      ...options,
      height: bottom + BOTTOM_AXIS_HEIGHT,
      title: 'Evidence by family of features',
      description: groups
        .map(({ title, pValue }) => `${title}: p ${formatPValue(pValue)}.`)
        .join(' '),
    },
    drawing,
  )
}

function drawGroup(
  { title, pValue, strongest }: GroupRow,
  row: {
    readonly x: number
    readonly top: number
    readonly layout: Layout
    readonly width: number
  },
): Markup {
  const { x, top, layout, width } = row
  const { narrow, rowHeight, plot } = layout
  const y = narrow ? top + 30 : top + rowHeight / 2
  const textY = narrow ? top + 14 : y + 4.5
  const colour = ink(pValue <= 0.05 ? 'batch' : 'muted')
  return markup`<g>
${drawText([0, textY], fitText(title, narrow ? width - 90 : plot[0] - 16), { halo: narrow })}
${drawText([width, textY], formatPValue(pValue), { anchor: 'end', weight: pValue <= 0.05 ? 600 : 400, colour: ink(pValue <= 0.05 ? 'ink' : 'muted'), halo: narrow })}
${drawLine([plot[0], y], [x, y], { colour, width: 2 })}
<circle cx="${round(x)}" cy="${y}" r="5" fill="${pValue <= 0.05 ? colour : ink('surface')}" stroke="${colour}" stroke-width="1.75"><title>strongest: ${strongest}</title></circle>
</g>`
}
