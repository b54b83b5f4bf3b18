import { markup, type Markup } from './markup.ts'
import { ink } from './palette.ts'
import { withoutExplanation } from '../wording/index.ts'

/** What every chart needs beside its data. */
export type ChartOptions = {
  /** Unique in the page. */
  readonly id: string
  /** In CSS pixels; below 520 the chart lays itself out for a phone. */
  readonly width: number
}

/** Charts at least this wide put labels beside the plot instead of above it. */
export const WIDE = 520

/** A picture's size, in pixels, and its words for readers who cannot see it. */
export type Frame = ChartOptions & {
  readonly height: number
  readonly title: string
  /** What a reader who cannot see the chart should know. */
  readonly description: string
}

/** Wraps a drawing into a titled SVG picture. */
export function drawFrame(frame: Frame, drawing: Markup): string {
  const { id, width, height, title, description } = frame
  return markup`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="${id}-title ${id}-desc" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="ui-sans-serif, system-ui, sans-serif" font-size="13" fill="${ink('ink')}">
<title id="${id}-title">${title}</title>
<desc id="${id}-desc">${description}</desc>
${drawing}
</svg>`.markup
}

/** Default: 13 px, ink, from the left. */
export type TextStyle = {
  readonly anchor?: 'start' | 'middle' | 'end'
  readonly colour?: string
  readonly weight?: number
  readonly size?: number
  /** Clears what lies behind the letters. */
  readonly halo?: boolean
}

const HALO = markup` stroke="${ink('surface')}" stroke-width="5" stroke-linejoin="round" paint-order="stroke"`

/** One line of text with its baseline at (x, y). */
export function drawText(
  position: readonly [x: number, y: number],
  text: string,
  style: TextStyle = {},
): Markup {
  const { anchor = 'start', colour = ink('ink'), weight = 400, size = 13, halo = false } = style
  return markup`<text x="${round(position[0])}" y="${round(position[1])}" text-anchor="${anchor}" fill="${colour}" font-weight="${weight}" font-size="${size}"${halo ? HALO : null}>${text}</text>`
}

/** A straight line; dashes as in `stroke-dasharray`. */
export function drawLine(
  from: readonly [x: number, y: number],
  to: readonly [x: number, y: number],
  style: { readonly colour: string; readonly width?: number; readonly dashes?: string },
): Markup {
  const dashes = style.dashes === undefined ? null : markup` stroke-dasharray="${style.dashes}"`
  return markup`<line x1="${round(from[0])}" y1="${round(from[1])}" x2="${round(to[0])}" y2="${round(to[1])}" stroke="${style.colour}" stroke-width="${style.width ?? 1}"${dashes}/>`
}

/** Tenths of a pixel: enough for the eye, short in the file. */
export function round(value: number): number {
  return Math.round(value * 10) / 10
}

/** Text that fits `pixels` at 13 px: as it is, without its explanation in brackets, or cut with an ellipsis. */
export function fitText(text: string, pixels: number): string {
  const room = Math.max(1, Math.floor(pixels / 6.7))
  const characters = Array.from(text.length <= room ? text : withoutExplanation(text))
  return characters.length <= room
    ? characters.join('')
    : `${characters
        .slice(0, room - 1)
        .join('')
        .trimEnd()}…`
}
