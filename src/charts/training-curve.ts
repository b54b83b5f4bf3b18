import { extent } from 'd3-array'
import { scaleLinear } from 'd3-scale'
import { line } from 'd3-shape'
import { formatNumber } from '../wording/index.ts'
import { BOTTOM_AXIS_HEIGHT, drawBottomAxis } from './bottom-axis.ts'
import { type ChartOptions, drawFrame, drawLine, drawText, round } from './chart-frame.ts'
import { markup, type Markup } from './markup.ts'
import { ink } from './palette.ts'

/** Mean losses of each pass over the training images. */
export type TrainingHistory = readonly {
  readonly epoch: number
  readonly trainingLoss: number
  readonly validationLoss: number
}[]

/** Losses by epoch, and the epoch whose parameters were kept. */
export type TrainingCurve = {
  readonly history: TrainingHistory
  /** Epoch whose parameters were kept. */
  readonly bestEpoch: number
}

type Series = {
  readonly name: string
  readonly colour: string
  readonly dashes?: string
  readonly points: readonly (readonly [epoch: number, loss: number])[]
}

const TOP = 26
const LEFT = 56
const RIGHT = 84
const PLOT_HEIGHT = 180

/** Loss per epoch on training and validation images, with the epoch that was kept. */
export function drawTrainingCurve(data: TrainingCurve, options: ChartOptions): string {
  const series = seriesOf(data.history)
  const epochs = data.history.map(({ epoch }) => epoch)
  const losses = series.flatMap(({ points }) => points.map(([, loss]) => loss))
  const [first = 0, last = 1] = extent(epochs)
  const [low = 0, high = 1] = extent(losses)
  const bottom = TOP + PLOT_HEIGHT
  const x = scaleLinear([first, Math.max(last, first + 1)], [LEFT, options.width - RIGHT])
  const y = scaleLinear([low, high === low ? low + 1 : high], [bottom, TOP]).nice(4)
  const best = data.history.find(({ epoch }) => epoch === data.bestEpoch)
  const drawing = markup`${drawLossTicks(y, options.width)}
${drawBottomAxis({
  ticks: integerTicks(x, options.width),
  range: [LEFT, options.width - RIGHT],
  width: options.width,
  y: bottom,
  label: 'epoch',
})}
${best === undefined ? null : drawBest([x(best.epoch), y(best.validationLoss)], best.epoch, bottom)}
${series.map((one) => drawSeries(one, x, y))}
${drawNames(series, (loss) => y(loss), options.width - RIGHT + 10)}`
  return drawFrame(
    {
      ...options,
      height: bottom + BOTTOM_AXIS_HEIGHT,
      title: 'Loss while the autoencoder was trained',
      description:
        best === undefined
          ? `${data.history.length} epochs.`
          : `${data.history.length} epochs; epoch ${best.epoch} was kept, with validation loss ${formatNumber(best.validationLoss)}.`,
    },
    drawing,
  )
}

function seriesOf(history: TrainingHistory): Series[] {
  const finite = (points: (readonly [number, number])[]): (readonly [number, number])[] =>
    points.filter(([, loss]) => Number.isFinite(loss))
  return [
    {
      name: 'training',
      colour: ink('muted'),
      dashes: '5 4',
      points: finite(history.map(({ epoch, trainingLoss }) => [epoch, trainingLoss])),
    },
    {
      name: 'validation',
      colour: ink('reference'),
      points: finite(history.map(({ epoch, validationLoss }) => [epoch, validationLoss])),
    },
  ]
}

type LinearScale = ReturnType<typeof scaleLinear<number, number>>

function drawLossTicks(y: LinearScale, width: number): Markup {
  const label = y.tickFormat(4)
  return markup`${drawText([0, 12], 'loss (binary cross-entropy per value)', { colour: ink('muted'), size: 12 })}
${y.ticks(4).map((value) => [
  drawLine([LEFT, y(value)], [width - RIGHT, y(value)], { colour: ink('hairline') }),
  drawText([LEFT - 8, y(value) + 4], label(value), {
    anchor: 'end',
    colour: ink('muted'),
    size: 12,
  }),
])}`
}

function integerTicks(x: LinearScale, width: number): { position: number; label: string }[] {
  return x
    .ticks(Math.max(2, Math.round((width - LEFT - RIGHT) / 60)))
    .filter(Number.isInteger)
    .map((epoch) => ({ position: x(epoch), label: String(epoch) }))
}

function drawSeries(series: Series, x: LinearScale, y: LinearScale): Markup {
  const dashes = series.dashes === undefined ? null : markup` stroke-dasharray="${series.dashes}"`
  const path = line<readonly [number, number]>()
    .x(([epoch]) => x(epoch))
    .y(([, loss]) => y(loss))
    .digits(1)([...series.points])
  return markup`<path d="${path ?? ''}" fill="none" stroke="${series.colour}" stroke-width="2" stroke-linejoin="round"${dashes}/>`
}

function drawBest(at: readonly [x: number, y: number], epoch: number, bottom: number): Markup {
  return markup`${drawLine([at[0], at[1]], [at[0], bottom], { colour: ink('reference'), dashes: '2 4' })}
<circle cx="${round(at[0])}" cy="${round(at[1])}" r="4.5" fill="${ink('reference')}"><title>epoch ${epoch} was kept</title></circle>`
}

/** Names at the right end of the lines, moved apart where they would touch. */
function drawNames(series: readonly Series[], y: (loss: number) => number, x: number): Markup[] {
  const ends = series.flatMap(({ name, colour, points }) => {
    const last = points.at(-1)
    return last === undefined ? [] : [{ name, colour, y: y(last[1]) }]
  })
  const [a, b] = ends.toSorted((one, other) => one.y - other.y)
  const push = a !== undefined && b !== undefined ? Math.max(0, 16 - (b.y - a.y)) / 2 : 0
  return ends.map((end) =>
    drawText([x, end.y + 4 + (end === a ? -push : push)], end.name, {
      colour: end.colour,
      weight: 550,
    }),
  )
}
