import { quantileSorted } from 'd3-array'
import { area, curveLinear, line } from 'd3-shape'
import {
  formatChange,
  formatCount,
  formatCountOf,
  formatNumber,
  type Interval,
} from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis } from './bottom-axis.ts'
import { type ChartOptions, drawFrame, drawLine, drawText, round, WIDE } from './chart-frame.ts'
import { type Density, estimateDensity } from './density.ts'
import { createLossScale, type LossScale } from './loss-domain.ts'
import { markup, type Markup } from './markup.ts'
import { type ColourName, ink } from './palette.ts'

/** Mean losses, and how much the batch's is above the reference's. */
export type MeanLosses = {
  readonly baseline: number
  readonly mean: number
  /** (mean − baseline) / baseline. */
  readonly relativeIncrease: Interval
}

/** Losses of reference and batch, image by image and on average. */
export type LossDistribution = {
  /** Loss of each held-out reference image. */
  readonly reference: readonly number[]
  /** Loss of each image of the batch, or of a sample of them. */
  readonly batch: readonly number[]
  /** Images in the batch. */
  readonly batchCount: number
  readonly comparison: MeanLosses
}

type Row = {
  readonly name: string
  readonly note: string
  readonly colour: ColourName
  readonly losses: readonly number[]
  readonly mean: number
}

const MARGIN = 1
const CURVE_HEIGHT = 96
/** Below the curve: the bar of quantiles and the ticks of single images. */
const FOOT_HEIGHT = 22
/** Samples up to this size also show every image as a tick. */
const RUG_LIMIT = 250

/** Two density curves on one axis, reference above batch, each scaled to its own peak. */
export function drawLossDistribution(data: LossDistribution, options: ChartOptions): string {
  const { reference, batch, batchCount, comparison } = data
  const headHeight = options.width < WIDE ? 44 : 28
  const rowHeight = headHeight + CURVE_HEIGHT + FOOT_HEIGHT
  const scale = createLossScale(
    [reference, batch, [comparison.baseline, comparison.mean]],
    [MARGIN, options.width - MARGIN],
  )
  const rows: Row[] = [
    {
      name: 'Reference',
      note: `${formatCountOf(reference.length, 'held-out image')} · mean ${formatNumber(comparison.baseline)}`,
      colour: 'reference',
      losses: reference,
      mean: comparison.baseline,
    },
    {
      name: 'Batch',
      note: `${batch.length < batchCount ? `${formatCount(batch.length)} of ` : ''}${formatCountOf(batchCount, 'image')} · mean ${formatNumber(comparison.mean)} (${formatChange(comparison.relativeIncrease.value)})`,
      colour: 'batch',
      losses: batch,
      mean: comparison.mean,
    },
  ]
  const bases = rows.map((_, i) => 4 + i * (rowHeight + 8) + headHeight + CURVE_HEIGHT)
  const axisY = bases[1] + FOOT_HEIGHT + 4
  const drawing = markup`${drawBottomAxis({
    ticks: scale.ticks,
    range: [MARGIN, options.width - MARGIN],
    width: options.width,
    y: axisY,
    label: axisLabel(scale, options.width),
    gridTop: 4 + headHeight,
  })}
${drawBaseline(comparison, scale, bases)}
${rows.map((row, i) => drawRow(row, { scale, base: bases[i], width: options.width }))}`
  return drawFrame(
    {
      ...options,
      height: axisY + BOTTOM_AXIS_HEIGHT,
      title: 'Reconstruction loss of the batch against the reference',
      description: rows.map((row) => `${row.name}: ${row.note}.`).join(' '),
    },
    drawing,
  )
}

function axisLabel(scale: LossScale, width: number): string {
  const suffix = scale.kind === 'log' ? ', log scale' : ''
  return width < WIDE
    ? `loss per image (cross-entropy)${suffix}`
    : `reconstruction loss per image (binary cross-entropy per value${suffix})`
}

function drawRow(
  row: Row,
  place: { readonly scale: LossScale; readonly base: number; readonly width: number },
): Markup {
  const { scale, base, width } = place
  const narrow = width < WIDE
  const headY = base - CURVE_HEIGHT - (narrow ? 26 : 12)
  const fractions = row.losses.filter(Number.isFinite).map((loss) => scale.fraction(loss))
  const density = estimateDensity(fractions, [0, 1])
  const x = scale.position(row.mean)
  return markup`<g>
${drawHead(row, headY, narrow)}
${drawCurve(density, { base, width, colour: row.colour })}
${drawQuantiles(row, scale, base + 9)}
${row.losses.length <= RUG_LIMIT ? drawRug(row, scale, base + 15) : null}
${drawLine([x, base - CURVE_HEIGHT + 2], [x, base], { colour: ink(row.colour), width: 2 })}
${drawOverflow(fractions, headY, width)}
</g>`
}

function drawHead({ name, note, colour }: Row, y: number, narrow: boolean): Markup {
  const place = narrow ? markup`x="${MARGIN}" dy="18"` : markup`dx="10"`
  return markup`<text x="${MARGIN}" y="${round(y)}" stroke="${ink('surface')}" stroke-width="6" stroke-linejoin="round" paint-order="stroke"><tspan font-size="14" font-weight="650" fill="${ink(colour)}">${name}</tspan><tspan ${place} fill="${ink('muted')}">${note}</tspan></text>`
}

function drawCurve(
  density: Density,
  place: { readonly base: number; readonly width: number; readonly colour: ColourName },
): Markup {
  const { base, width, colour } = place
  const points = trimTails(density).map(([position, height]): [number, number] => [
    MARGIN + position * (width - 2 * MARGIN),
    base - height * (CURVE_HEIGHT - 6),
  ])
  const fill = area().y0(base).curve(curveLinear).digits(1)(points)
  const stroke = line().curve(curveLinear).digits(1)(points)
  return markup`<path d="${fill ?? ''}" fill="${ink(colour)}" fill-opacity="0.16"/>
<path d="${stroke ?? ''}" fill="none" stroke="${ink(colour)}" stroke-width="1.75" stroke-linejoin="round"/>
${drawLine([MARGIN, base], [width - MARGIN, base], { colour: ink('hairline') })}`
}

/** Leaves out the ends where there is nothing to see. */
function trimTails({ positions, heights }: Density): [position: number, height: number][] {
  const visible = (height: number): boolean => height > 0.002
  const first = Math.max(0, heights.findIndex(visible) - 1)
  const last = heights.findLastIndex(visible) + 1
  return positions
    .map((position, i): [number, number] => [position, heights[i]])
    .slice(first, last + 1)
}

/** Bar from the 5th to the 95th percentile, dot at the median. */
function drawQuantiles(row: Row, scale: LossScale, y: number): Markup | null {
  const sorted = row.losses.filter(Number.isFinite).toSorted((a, b) => a - b)
  if (sorted.length < 2) return null
  const at = (share: number): number =>
    round(scale.position(quantileSorted(sorted, share) as number))
  return markup`<line x1="${at(0.05)}" x2="${at(0.95)}" y1="${y}" y2="${y}" stroke="${ink(row.colour)}" stroke-width="4" stroke-linecap="round" stroke-opacity="0.35"/>
<circle cx="${at(0.5)}" cy="${y}" r="3.5" fill="${ink(row.colour)}"/>`
}

function drawRug(row: Row, scale: LossScale, y: number): Markup {
  const ticks = row.losses
    .filter(Number.isFinite)
    .map((loss) => `M${round(scale.position(loss))},${y}v6`)
    .join('')
  return markup`<path d="${ticks}" stroke="${ink(row.colour)}" stroke-opacity="0.45" stroke-width="1"/>`
}

/** Says how many images lie beyond the ends of the axis. */
function drawOverflow(fractions: readonly number[], y: number, width: number): Markup | null {
  const beyond = fractions.filter((fraction) => fraction < 0 || fraction > 1).length
  return beyond === 0
    ? null
    : drawText([width - MARGIN, y], `${formatCount(beyond)} off the axis`, {
        colour: ink('muted'),
        size: 12,
        anchor: 'end',
        halo: true,
      })
}

/** Carries the baseline down into the batch's row, with an arrow to the batch's mean where there is room. */
function drawBaseline(comparison: MeanLosses, scale: LossScale, bases: readonly number[]): Markup {
  const [upper = 0, lower = 0] = bases
  const from = scale.position(comparison.baseline)
  const to = scale.position(comparison.mean)
  const y = lower - CURVE_HEIGHT + 2
  const way = Math.sign(to - from)
  const arrow =
    Math.abs(to - from) < 14
      ? null
      : markup`${drawLine([from, y], [to - way * 2, y], { colour: ink('batch'), width: 1.5 })}
<path d="M${round(to - way * 7)},${y - 4}L${round(to - way)},${y}L${round(to - way * 7)},${y + 4}" fill="none" stroke="${ink('batch')}" stroke-width="1.5" stroke-linejoin="round"/>`
  return markup`${drawLine([from, upper], [from, lower], { colour: ink('reference'), width: 1.5, dashes: '2 4' })}
${arrow}`
}
