/** A line of a panel: power by window size. */
export type PowerLine = {
  readonly name: string
  readonly colour: string
  readonly isPublished: boolean
  readonly points: readonly (readonly [size: number, power: number])[]
}

/** One plot of several lines. */
export type PowerPanel = { readonly title: string; readonly lines: readonly PowerLine[] }

const PANEL = { width: 220, height: 150, left: 34, right: 18, top: 24, bottom: 28 } as const
const COLUMNS = 4
const LEGEND_ROW = 18
const LEGEND_COLUMN = 420

/** Small multiples of power against the window size (logarithmic), with one legend, as a whole SVG file. */
export function drawPowerChart(panels: readonly PowerPanel[], description: string): string {
  const columns = Math.min(COLUMNS, panels.length)
  const width = Math.max(columns * PANEL.width, LEGEND_COLUMN)
  const rows = Math.ceil(panels.length / columns)
  const legend = legendOf(panels)
  const perLine = Math.max(1, Math.floor(width / LEGEND_COLUMN))
  const height =
    rows * PANEL.height + Math.ceil(legend.length / perLine) * LEGEND_ROW + LEGEND_ROW / 2
  const range = sizeRange(panels)
  const drawn = panels.map((panel, i) => {
    const [x, y] = [(i % columns) * PANEL.width, Math.floor(i / columns) * PANEL.height]
    return `<g transform="translate(${x} ${y})">${drawPanel(panel, range)}</g>`
  })
  const keys = legend.map((line, i) => {
    const x = PANEL.left + (i % perLine) * LEGEND_COLUMN
    const y = rows * PANEL.height + (Math.floor(i / perLine) + 0.5) * LEGEND_ROW
    return `<g transform="translate(${x} ${y})"><line x2="22" ${stroke(line)}/><text x="28" y="4">${escape(line.name)}</text></g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, sans-serif" font-size="11" fill="#1f2328" role="img" aria-label="${escape(description)}">
<rect width="${width}" height="${height}" fill="#ffffff"/>
${[...drawn, ...keys].join('\n')}
</svg>
`
}

type Range = readonly [low: number, high: number]

function drawPanel({ title, lines }: PowerPanel, range: Range): string {
  const right = PANEL.width - PANEL.right
  const bottom = PANEL.height - PANEL.bottom
  const x = (size: number): number =>
    round(
      PANEL.left +
        (Math.log(size / range[0]) / Math.log(range[1] / range[0])) * (right - PANEL.left),
    )
  const y = (power: number): number => round(bottom - power * (bottom - PANEL.top))
  const grid = [0, 0.5, 1].map(
    (power) =>
      `<line x1="${PANEL.left}" x2="${right}" y1="${y(power)}" y2="${y(power)}" stroke="#d8dee4"/><text x="${PANEL.left - 5}" y="${y(power) + 4}" text-anchor="end" fill="#59636e">${power}</text>`,
  )
  const ticks = [10, 100, 1000, 10_000]
    .filter((size) => size >= range[0] && size <= range[1])
    .map(
      (size) =>
        `<line x1="${x(size)}" x2="${x(size)}" y1="${bottom}" y2="${bottom + 4}" stroke="#59636e"/><text x="${x(size)}" y="${bottom + 16}" text-anchor="middle" fill="#59636e">${size.toLocaleString('en-US')}</text>`,
    )
  // Ours come first in the legend and last in the drawing, above the others.
  const curves = lines.toReversed().map((line) => {
    const points = line.points.map(([size, power]) => `${x(size)},${y(power)}`).join(' ')
    const dots = line.points.map(
      ([size, power]) => `<circle cx="${x(size)}" cy="${y(power)}" r="2" fill="${line.colour}"/>`,
    )
    return `<polyline points="${points}" fill="none" ${stroke(line)}/>${dots.join('')}`
  })
  return `<text x="${PANEL.left}" y="15" font-weight="600">${escape(title)}</text>${grid.join('')}${ticks.join('')}${curves.join('')}`
}

function stroke({ colour, isPublished }: PowerLine): string {
  return `stroke="${colour}" stroke-width="${isPublished ? 1.2 : 1.8}"${isPublished ? ' stroke-dasharray="4 3"' : ''}`
}

function legendOf(panels: readonly PowerPanel[]): PowerLine[] {
  const lines = panels.flatMap((panel) => panel.lines)
  return [...new Map(lines.map((line) => [line.name, line])).values()]
}

function sizeRange(panels: readonly PowerPanel[]): Range {
  const sizes = panels.flatMap(({ lines }) =>
    lines.flatMap(({ points }) => points.map(([size]) => size)),
  )
  return [Math.min(...sizes), Math.max(...sizes)]
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}

function round(value: number): number {
  return Math.round(10 * value) / 10
}
