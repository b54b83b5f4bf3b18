import type { PathCommand } from 'opentype.js'

/** Closed polygons as flat x, y pairs; the y axis points down. */
export type Outline = readonly (readonly number[])[]

// At 28 pixels a curve of a glyph spans a few pixels; eight chords stay within 1/50 of one.
const CHORDS = 8

/** Curves replaced by chords, every contour closed. */
export function flattenPath(commands: readonly PathCommand[]): Outline {
  const contours: number[][] = []
  let contour: number[] = []
  for (const command of commands) {
    if (command.type === 'Z') continue
    if (command.type === 'M') {
      contour = []
      contours.push(contour)
    }
    appendCommand(contour, command)
  }
  return contours.filter(({ length }) => length > 4)
}

/** Fits an outline's bounding box to the square 0..size on both axes, after a slant (Δx per Δy upwards). */
export function fitOutline(outline: Outline, size: number, slant = 0): Outline {
  const slanted = outline.map((contour) =>
    contour.map((value, i) => (i % 2 === 0 ? value - slant * (contour[i + 1] ?? 0) : value)),
  )
  const [left, right] = extent(slanted, 0)
  const [top, bottom] = extent(slanted, 1)
  const scaleX = size / (right - left)
  const scaleY = size / (bottom - top)
  return slanted.map((contour) =>
    contour.map((value, i) => (i % 2 === 0 ? (value - left) * scaleX : (value - top) * scaleY)),
  )
}

function appendCommand(contour: number[], command: Exclude<PathCommand, { type: 'Z' }>): void {
  if (command.type === 'M' || command.type === 'L') {
    contour.push(command.x, command.y)
    return
  }
  const [x0 = 0, y0 = 0] = contour.slice(-2)
  for (let chord = 1; chord <= CHORDS; chord++) {
    const t = chord / CHORDS
    contour.push(
      command.type === 'Q'
        ? quadratic([x0, command.x1, command.x], t)
        : cubic([x0, command.x1, command.x2, command.x], t),
      command.type === 'Q'
        ? quadratic([y0, command.y1, command.y], t)
        : cubic([y0, command.y1, command.y2, command.y], t),
    )
  }
}

function quadratic([a, b, c]: readonly [number, number, number], t: number): number {
  const s = 1 - t
  return s * s * a + 2 * s * t * b + t * t * c
}

function cubic([a, b, c, d]: readonly [number, number, number, number], t: number): number {
  const s = 1 - t
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d
}

function extent(outline: Outline, axis: 0 | 1): [number, number] {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const contour of outline) {
    for (let i = axis; i < contour.length; i += 2) {
      least = Math.min(least, contour[i])
      most = Math.max(most, contour[i])
    }
  }
  return [least, most]
}
