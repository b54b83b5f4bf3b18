import { markup, type Markup } from './markup.ts'
import { ink } from './palette.ts'
import { drawLine, drawText } from './chart-frame.ts'

/** A mark on an axis, in pixels. */
export type Tick = { readonly position: number; readonly label: string }

/** What a horizontal axis says and where it lies, in pixels. */
export type BottomAxis = {
  readonly ticks: readonly Tick[]
  /** Left and right end of the plot. */
  readonly range: readonly [left: number, right: number]
  /** Of the picture: no label is cut at its ends. */
  readonly width: number
  /** Of the axis line. */
  readonly y: number
  /** What is measured, with its unit. */
  readonly label: string
  /** Top of the faint vertical lines; without it there are none. */
  readonly gridTop?: number
  /** Without line and tick marks, below a bar that is the axis itself. */
  readonly bare?: boolean
}

/** Height below `y` that `drawBottomAxis` fills. */
export const BOTTOM_AXIS_HEIGHT = 42

/** A horizontal axis below a plot: line, ticks, centred label. */
export function drawBottomAxis(axis: BottomAxis): Markup {
  const { ticks, range, width, y, label, gridTop, bare = false } = axis
  return markup`<g>
${ticks.map(({ position, label: text }) => [
  gridTop === undefined
    ? null
    : drawLine([position, gridTop], [position, y], { colour: ink('hairline') }),
  bare ? null : drawLine([position, y], [position, y + 4], { colour: ink('muted') }),
  drawText([inside(position, text, width), y + 18], text, {
    anchor: 'middle',
    colour: ink('muted'),
    size: 12,
  }),
])}
${bare ? null : drawLine([range[0], y], [range[1], y], { colour: ink('muted') })}
${drawText([(range[0] + range[1]) / 2, y + 37], label, { anchor: 'middle', colour: ink('muted'), size: 12 })}
</g>`
}

/** Where a centred label of 12 px has to stand to be seen whole. */
function inside(position: number, text: string, width: number): number {
  const half = text.length * 3.9
  return Math.min(Math.max(position, half), width - half)
}
