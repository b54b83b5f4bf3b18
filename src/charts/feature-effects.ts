import { scaleLinear } from 'd3-scale'
import { formatEffect, formatNumber, formatPValue, formatShare } from '../wording/index.ts'
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
import { ink } from './palette.ts'

/** One feature, batch against reference: a number's means and how far apart they are, or the shares of names in words. */
export type EffectRow = {
  readonly title: string
  /** At least this share of the images changed by it. */
  readonly changedShare: number
  readonly adjustedPValue: number
  /** Chance does not explain it: drawn filled and in bold. */
  readonly isSure: boolean
} & (
  | {
      readonly kind: 'quantity'
      readonly from: number
      readonly to: number
      /** Standardised difference of the means; positive where the batch is higher. */
      readonly effect: number
    }
  | {
      readonly kind: 'shares'
      /** What is said of them, from the longest to the shortest: the first that fits is drawn. */
      readonly words: readonly string[]
    }
)

/** Effects beyond this are drawn at the edge, with an arrow and their number. */
const LARGEST_SHOWN = 4

/** Beyond either end of the scale, for the numbers beside the dots. */
const LABEL_ROOM = 50

type Layout = {
  readonly narrow: boolean
  readonly width: number
  readonly rowHeight: number
  readonly headHeight: number
  readonly plot: readonly [left: number, right: number]
}

type EffectScale = ReturnType<typeof scaleLinear<number, number>>

/**
 * One row per feature in the order given: its standardised mean difference as a dot, with the numbers beside it; of
 * names, which have no mean, what is said of their shares.
 */
export function drawFeatureEffects(features: readonly EffectRow[], options: ChartOptions): string {
  const layout = layOut(options.width)
  const largest = Math.max(
    0,
    ...features
      .map((feature) => (feature.kind === 'quantity' ? Math.abs(feature.effect) : 0))
      .filter(Number.isFinite),
  )
  const limit = Math.min(LARGEST_SHOWN, Math.max(1, Math.ceil(largest * 1.15 * 2) / 2))
  const [left, right] = layout.plot
  const x = scaleLinear([-limit, limit], [left + LABEL_ROOM, right - LABEL_ROOM]).clamp(true)
  const bottom = layout.headHeight + features.length * layout.rowHeight
  const drawing = markup`<rect x="${round(x(-0.2))}" y="${layout.headHeight}" width="${round(x(0.2) - x(-0.2))}" height="${bottom - layout.headHeight}" fill="${ink('sunken')}"/>
${drawHead(layout)}
${drawBottomAxis({
  ticks: x.ticks((right - left) / 68).map((value) => ({
    position: x(value),
    label: value > 0 ? `+${value}` : String(value).replace('-', '−'),
  })),
  range: layout.plot,
  width: options.width,
  y: bottom,
  label: layout.narrow
    ? 'difference in standard deviations'
    : '← lower in the batch · difference in standard deviations · higher →',
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

function describeFeature(feature: EffectRow): string {
  const { title, adjustedPValue } = feature
  const effect = feature.kind === 'shares' ? (feature.words[0] ?? '') : formatEffect(feature.effect)
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

function drawFeature(feature: EffectRow, row: Row): Markup {
  const { layout, top } = row
  const { narrow, rowHeight } = layout
  const y = narrow ? top + 34 : top + rowHeight / 2
  return markup`<g>
${narrow ? null : drawLine([0, top], [layout.width, top], { colour: ink('hairline') })}
${narrow ? drawNarrowText(feature, layout.width, top + 16) : drawWideText(feature, layout, y + 4.5)}
${feature.kind === 'shares' ? drawShares(feature, layout, y + 4.5) : drawDot(feature, row, y)}
</g>`
}

function drawWideText(feature: EffectRow, { width, plot }: Layout, y: number): Markup {
  const strong = feature.isSure
  const means =
    feature.kind === 'shares' ? '–' : `${formatNumber(feature.from)} → ${formatNumber(feature.to)}`
  return markup`${drawText([0, y], fitText(feature.title, plot[0] - 16), { weight: strong ? 550 : 400 })}
${drawText([width - 148, y], means, { anchor: 'end', colour: ink('muted') })}
${drawText([width - 76, y], formatShare(feature.changedShare), { anchor: 'end', colour: ink('muted') })}
${drawText([width, y], formatPValue(feature.adjustedPValue), { anchor: 'end', weight: strong ? 600 : 400, colour: ink(strong ? 'ink' : 'muted') })}`
}

function drawNarrowText(feature: EffectRow, width: number, y: number): Markup {
  const p = formatPValue(feature.adjustedPValue)
  return markup`${drawText([0, y], fitText(feature.title, width - 84), { weight: feature.isSure ? 550 : 400, halo: true })}
${drawText([width, y], `p ${p}`, { anchor: 'end', colour: ink('muted'), size: 12, halo: true })}`
}

/** In the middle of the plot, where other features have their dot. */
function drawShares(
  { words, isSure }: Extract<EffectRow, { kind: 'shares' }>,
  { plot }: Layout,
  y: number,
): Markup {
  const [left, right] = plot
  const room = right - left - 24
  // Half a class says nothing: as many as fit, and the shortest in any case.
  const fitting = words.find((text) => fitText(text, room) === text) ?? words.at(-1) ?? ''
  return drawText([(left + right) / 2, y], fitText(fitting, room), {
    anchor: 'middle',
    colour: ink(isSure ? 'batch' : 'muted'),
    size: 12,
    weight: 550,
    halo: true,
  })
}

/** Filled where the feature's own test is significant, hollow where not. */
function drawDot(
  { effect, isSure }: Extract<EffectRow, { kind: 'quantity' }>,
  { x, limit }: Row,
  y: number,
): Markup {
  const colour = ink(isSure ? 'batch' : 'muted')
  const at = round(x(Number.isNaN(effect) ? 0 : effect))
  const way = effect < 0 ? -1 : 1
  const beyond = Math.abs(effect) > limit
  const mark = beyond
    ? markup`<path d="M${at - way * 8},${y - 6}L${at},${y}L${at - way * 8},${y + 6}Z" fill="${colour}"/>`
    : markup`<circle cx="${at}" cy="${y}" r="5" fill="${isSure ? colour : ink('surface')}" stroke="${colour}" stroke-width="1.75"/>`
  return markup`${drawLine([x(0), y], [at, y], { colour, width: 2 })}${mark}${drawText(
    [at + way * (beyond ? 6 : 11), y + 4],
    formatEffect(effect),
    { anchor: way > 0 ? 'start' : 'end', colour, size: 12, weight: 550 },
  )}`
}
