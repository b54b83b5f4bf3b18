import type { Random } from '../../tensor/index.ts'
import { BLENDED, defineImageCorruption, type WritableImage } from './corruption.ts'

/** Positions are in units of a 28×28 image (0 to 27), as published, and stretched to the image at hand. */
const LAST = 27

/** How far a stroke's edge fades out, in units. */
const FADE = 2.3

/** The outer quarters of the columns turned to their negative, blended in by `strength` (MNIST-C: 1). */
export const stripe = defineImageCorruption({
  name: 'stripe',
  title: 'Inverted side bands',
  ...BLENDED,
  corrupt: ({ width, data }, { strength }) => {
    const band = Math.round(width / 4)
    for (let i = 0; i < data.length; i++) {
      const column = i % width
      if (column >= band && column < width - band) continue
      data[i] = data[i] * (1 - strength) + (1 - data[i]) * strength
    }
  },
})

/** `count` dotted white lines from left to right (MNIST-C: 1). */
export const dottedLine = defineImageCorruption({
  name: 'dotted-line',
  title: 'Dotted line',
  parameters: { count: 1 },
  severities: [{ count: 1 }, { count: 2 }, { count: 3 }, { count: 4 }, { count: 5 }],
  corrupt: (image, { count }, random) => {
    for (let i = 0; i < count; i++) {
      const line = { left: 0, right: LAST, from: random.integer(LAST), to: random.integer(LAST) }
      drawStroke(image, line, (column) => column % 4 >= 2)
    }
  },
})

/** `count` white zigzag lines from left to right (MNIST-C: 1). */
export const zigzag = defineImageCorruption({
  name: 'zigzag',
  title: 'Zigzag line',
  parameters: { count: 1 },
  severities: [{ count: 1 }, { count: 2 }, { count: 3 }, { count: 4 }, { count: 5 }],
  corrupt: (image, { count }, random) => {
    for (let i = 0; i < count; i++) {
      const corners = zigzagCorners(random)
      for (let corner = 1; corner < corners.length; corner++) {
        const [left, from] = corners[corner - 1]
        const [right, to] = corners[corner]
        drawStroke(image, { left, right, from, to }, () => true)
      }
    }
  },
})

type Stroke = {
  readonly left: number
  readonly right: number
  /** Row at the left end. */
  readonly from: number
  /** Row at the right end. */
  readonly to: number
}

/** Adds a white stroke that fades as log(1 − d/2.3) + 1 with the vertical distance d. */
function drawStroke(
  { channels, height, width, data }: WritableImage,
  { left, right, from, to }: Stroke,
  isDrawn: (column: number) => boolean,
): void {
  if (left === right) return
  const slope = (to - from) / (right - left)
  for (let x = 0; x < width; x++) {
    const column = units(x, width)
    if (column < Math.floor(left) || column >= Math.ceil(right) || !isDrawn(column)) continue
    const middle = slope * (column - left) + from
    for (let y = 0; y < height; y++) {
      const distance = Math.min(Math.abs(units(y, height) - middle), FADE - 1e-10)
      const ink = Math.max(0, Math.log(1 - distance / FADE) + 1)
      if (ink === 0) continue
      for (let channel = 0; channel < channels; channel++) {
        const at = (channel * height + y) * width + x
        data[at] = Math.min(1, data[at] + ink)
      }
    }
  }
}

function units(position: number, length: number): number {
  return length === 1 ? 0 : (position * LAST) / (length - 1)
}

/** Corners two units above and below a slanted line from column 2 to column 25, four units apart. */
function zigzagCorners(random: Random): (readonly [column: number, row: number])[] {
  const [first, last, half, swing] = [2, 25, 2, 2]
  const row = random.integer(LAST)
  const rise = random.integer(10) - 5
  const angle = Math.atan(rise / (last - first))
  const length = (last - first) / Math.cos(angle)
  const corners: [number, number][] = [[0, 0]]
  const count = Math.floor((length - half) / (2 * half)) + 1
  for (let i = 0; i < count; i++) corners.push([(2 * i + 1) * half, i % 2 === 0 ? swing : -swing])
  const end = 2 * half * Math.floor(length / (2 * half))
  const lastRow = corners[corners.length - 1][1]
  if (length !== end) corners.push([length, lastRow / (2 * (length - end))])
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  return corners.map(([x, y]) => [x * cos - y * sin + first, x * sin + y * cos + row])
}
