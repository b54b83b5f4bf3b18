import { type ChartOptions, drawFrame, drawText, round } from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { ink } from './palette.ts'

/** A number at each place of the frame. */
export type PlaceMapData = {
  /** What it shows at a place. */
  readonly title: string
  /** Cells from top to bottom, and from left to right. */
  readonly rows: number
  readonly columns: number
  /** Row by row: by how many standard errors the batch's mean is higher. */
  readonly differences: readonly number[]
}

/** Below so many standard errors a place looks like any other. */
const QUIET = 2
/** From so many on it is as strong as can be shown. */
const STRONGEST = 8
const LARGEST_SIDE = 260
const LEGEND = 44

/** The frame seen from the front: where the batch's mean is higher orange, where it is lower blue, the stronger the surer. */
export function drawPlaceMap(map: PlaceMapData, options: ChartOptions): string {
  const { rows, columns, differences, title } = map
  const scale = Math.min(LARGEST_SIDE, options.width) / Math.max(rows, columns)
  const [width, height] = [round(columns * scale), round(rows * scale)]
  const cells = differences.flatMap((difference, i) =>
    Math.abs(difference) < QUIET ? [] : drawCell(i, difference, { columns, scale }),
  )
  const drawing = markup`<rect x="0.5" y="0.5" width="${round(width - 1)}" height="${round(height - 1)}" fill="${ink('sunken')}" stroke="${ink('hairline')}"/>
${cells}
${drawText([0, height + 18], 'higher than in the reference', { colour: ink('batch'), size: 12 })}
${drawText([0, height + 36], 'lower', { colour: ink('reference'), size: 12 })}`
  return drawFrame(
    {
      ...options,
      width,
      height: round(height + LEGEND),
      title: `Where in the frame: ${title}`,
      description: describe(map),
    },
    drawing,
  )
}

// oxlint-disable-next-line eslint/max-params -- three values
function drawCell(
  i: number,
  difference: number,
  { columns, scale }: { readonly columns: number; readonly scale: number },
): Markup {
  const strength = Math.min(1, (Math.abs(difference) - QUIET) / (STRONGEST - QUIET))
  const colour = ink(difference > 0 ? 'batch' : 'reference')
  const [x, y] = [(i % columns) * scale, Math.floor(i / columns) * scale]
  return markup`<rect x="${round(x)}" y="${round(y)}" width="${round(scale)}" height="${round(scale)}" fill="${colour}" fill-opacity="${Math.round(100 * (0.15 + 0.85 * strength)) / 100}"/>`
}

function describe({ rows, columns, differences }: PlaceMapData): string {
  const strongest = differences.reduce(
    (best, one, i) => (Math.abs(one) > Math.abs(differences[best]) ? i : best),
    0,
  )
  const [row, column] = [Math.floor(strongest / columns) + 1, (strongest % columns) + 1]
  return `Strongest in row ${row} of ${rows} from the top, column ${column} of ${columns} from the left: ${round(differences[strongest])} standard errors.`
}
