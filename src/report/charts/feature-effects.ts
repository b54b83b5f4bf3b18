import { scaleLinear } from 'd3-scale'
import {
  type CategoryEvidence,
  describeShares,
  type FeatureEvidence,
  type QuantityEvidence,
} from '../../detector/index.ts'
import { isSignificant } from '../effect-size.ts'
import { markup, type Markup } from '../markup.ts'
import { formatNumber, formatShare, formatPValue, formatEffect } from '../number-format.ts'
import { ink } from '../palette.ts'
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

/** Effects beyond this are drawn at the edge, with an arrow and their number. */
const LARGEST_SHOWN = 4

/** Beyond either end of the scale, for the numbers beside the dots. */
const LABEL_ROOM = 44

type Layout = {
  readonly narrow: boolean
  readonly width: number
  readonly rowHeight: number
  readonly headHeight: number
  readonly plot: readonly [left: number, right: number]
}

type EffectScale = ReturnType<typeof scaleLinear<number, number>>

/** Classes named in a category's row. */
const CLASSES_SHOWN = 3

/**
 * One row per feature in the order given: its standardised mean difference as a dot, with the numbers beside it; of
 * categories, which have no mean, the shares that changed most.
 */
export function drawFeatureEffects(
  features: readonly FeatureEvidence[],
  options: ChartOptions,
): string {
  const layout = layOut(options.width)
  const largest = Math.max(
    0,
    ...features
      .map((feature) => (feature.kind === 'quantity' ? Math.abs(feature.hedgesG) : 0))
      .filter(Number.isFinite),
  )
  const limit = Math.min(LARGEST_SHOWN, Math.max(1, Math.ceil(largest * 1.15 * 2) / 2))
  const [left, right] = layout.plot
  const x = scaleLinear([-limit, limit], [left + LABEL_ROOM, right - LABEL_ROOM]).clamp(true)
  const bottom = layout.headHeight + features.length * layout.rowHeight
  const drawing = markup`<rect x="${round(x(-0.2))}" y="${layout.headHeight}" width="${round(x(0.2) - x(-0.2))}" height="${bottom - layout.headHeight}" fill="${ink('sunken')}"/>
${drawHead(layout)}
${drawBottomAxis({
  ticks: x.ticks(layout.narrow ? 4 : 8).map((value) => ({
    position: x(value),
    label: value > 0 ? `+${value}` : String(value).replace('-', '−'),
  })),
  range: layout.plot,
  y: bottom,
  label: layout.narrow
    ? 'effect size (Hedges g)'
    : '← lower in the batch · effect size (Hedges g) · higher →',
  gridTop: layout.headHeight,
})}
${drawLine([x(0), layout.headHeight], [x(0), bottom], { colour: ink('muted') })}
${features.map((feature, i) => drawFeature(feature, { x, layout, top: layout.headHeight + i * layout.rowHeight, limit }))}`
  return drawFrame(
    {
      ...options,
      height: bottom + BOTTOM_AXIS_HEIGHT,
      title: 'How far each feature moved',
      description: features.map(describeFeature).join(' '),
    },
    drawing,
  )
}

function layOut(width: number): Layout {
  return width < WIDE
    ? { narrow: true, width, rowHeight: 50, headHeight: 8, plot: [0, width] }
    : { narrow: false, width, rowHeight: 32, headHeight: 30, plot: [width * 0.34, width - 290] }
}

function describeFeature(feature: FeatureEvidence): string {
  const { title, adjustedPValue } = feature
  const effect =
    feature.kind === 'category'
      ? describeShares(feature, CLASSES_SHOWN)
      : formatEffect(feature.hedgesG)
  return `${title}: ${effect}, adjusted p ${formatPValue(adjustedPValue)}.`
}

function drawHead({ narrow, width }: Layout): Markup | null {
  if (narrow) return null
  const style = { colour: ink('muted'), size: 12 }
  return markup`${drawText([0, 16], 'feature', style)}
${drawText([width - 148, 16], 'mean, reference → batch', { ...style, anchor: 'end' })}
${drawText([width - 76, 16], 'changed', { ...style, anchor: 'end' })}
${drawText([width, 16], 'adjusted p', { ...style, anchor: 'end' })}`
}

type Row = {
  readonly x: EffectScale
  readonly layout: Layout
  readonly top: number
  readonly limit: number
}

function drawFeature(feature: FeatureEvidence, row: Row): Markup {
  const { layout, top } = row
  const { narrow, rowHeight } = layout
  const y = narrow ? top + 34 : top + rowHeight / 2
  return markup`<g>
${narrow ? null : drawLine([0, top], [layout.width, top], { colour: ink('hairline') })}
${narrow ? drawNarrowText(feature, layout.width, top + 16) : drawWideText(feature, layout, y + 4.5)}
${feature.kind === 'category' ? drawShares(feature, layout, y + 4.5) : drawDot(feature, row, y)}
</g>`
}

function drawWideText(feature: FeatureEvidence, { width, plot }: Layout, y: number): Markup {
  const strong = isSignificant(feature)
  const means =
    feature.kind === 'category'
      ? '–'
      : `${formatNumber(feature.referenceMean)} → ${formatNumber(feature.batchMean)}`
  return markup`${drawText([0, y], fitText(feature.title, plot[0] - 16), { weight: strong ? 550 : 400 })}
${drawText([width - 148, y], means, { anchor: 'end', colour: ink('muted') })}
${drawText([width - 76, y], formatShare(feature.changedShare), { anchor: 'end', colour: ink('muted') })}
${drawText([width, y], formatPValue(feature.adjustedPValue), { anchor: 'end', weight: strong ? 600 : 400, colour: ink(strong ? 'ink' : 'muted') })}`
}

function drawNarrowText(feature: FeatureEvidence, width: number, y: number): Markup {
  const p = formatPValue(feature.adjustedPValue)
  return markup`${drawText([0, y], fitText(feature.title, width - 84), { weight: isSignificant(feature) ? 550 : 400, halo: true })}
${drawText([width, y], `p ${p}`, { anchor: 'end', colour: ink('muted'), size: 12, halo: true })}`
}

/** In the middle of the plot, where other features have their dot. */
function drawShares(feature: CategoryEvidence, { plot }: Layout, y: number): Markup {
  const [left, right] = plot
  const strong = isSignificant(feature)
  const room = right - left - 24
  // Half a class says nothing: as many as fit, and one in any case.
  const most = Array.from({ length: CLASSES_SHOWN }, (_, i) =>
    describeShares(feature, CLASSES_SHOWN - i),
  )
  const words = fitText(
    most.find((text) => fitText(text, room) === text) ?? most[CLASSES_SHOWN - 1],
    room,
  )
  return drawText([(left + right) / 2, y], words, {
    anchor: 'middle',
    colour: ink(strong ? 'batch' : 'muted'),
    size: 12,
    weight: 550,
    halo: true,
  })
}

/** Filled where the feature's own test is significant, hollow where not. */
function drawDot(feature: QuantityEvidence, { x, limit }: Row, y: number): Markup {
  const { hedgesG } = feature
  const colour = ink(isSignificant(feature) ? 'batch' : 'muted')
  const at = round(x(Number.isFinite(hedgesG) ? hedgesG : 0))
  const way = hedgesG < 0 ? -1 : 1
  const beyond = Math.abs(hedgesG) > limit
  const mark = beyond
    ? markup`<path d="M${at - way * 8},${y - 6}L${at},${y}L${at - way * 8},${y + 6}Z" fill="${colour}"/>`
    : markup`<circle cx="${at}" cy="${y}" r="5" fill="${isSignificant(feature) ? colour : ink('surface')}" stroke="${colour}" stroke-width="1.75"/>`
  return markup`${drawLine([x(0), y], [at, y], { colour, width: 2 })}${mark}${drawText(
    [at + way * (beyond ? 6 : 11), y + 4],
    formatEffect(hedgesG),
    { anchor: way > 0 ? 'start' : 'end', colour, size: 12, weight: 550 },
  )}`
}
