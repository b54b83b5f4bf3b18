import type { Outline } from './outline.ts'

// Sub-scanlines per pixel row; across a row coverage is exact.
const SUBSCANS = 16

type Crossing = { readonly x: number; readonly direction: number }

/** Adds the outline's coverage (nonzero winding, 0 to 1) to a black size×size image. */
export function rasterise(outline: Outline, size: number, image: Float32Array): void {
  for (let scan = 0; scan < size * SUBSCANS; scan++) {
    const row = Math.floor(scan / SUBSCANS) * size
    let winding = 0
    let left = 0
    for (const { x, direction } of crossings(outline, (scan + 0.5) / SUBSCANS)) {
      if (winding === 0) left = x
      winding += direction
      if (winding === 0) addSpan(image.subarray(row, row + size), left, x)
    }
  }
  for (let i = 0; i < image.length; i++) image[i] = Math.min(1, image[i])
}

/** Where the outline's edges cross a horizontal line, from left to right. */
function crossings(outline: Outline, y: number): Crossing[] {
  const found: Crossing[] = []
  for (const contour of outline) {
    let x0 = contour.at(-2) ?? 0
    let y0 = contour.at(-1) ?? 0
    for (let i = 0; i < contour.length; i += 2) {
      const x1 = contour[i]
      const y1 = contour[i + 1]
      if (y0 <= y !== y1 <= y) {
        const x = x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)
        found.push({ x, direction: y0 < y1 ? 1 : -1 })
      }
      x0 = x1
      y0 = y1
    }
  }
  return found.toSorted((a, b) => a.x - b.x)
}

function addSpan(pixels: Float32Array, left: number, right: number): void {
  const first = Math.max(0, Math.floor(left))
  const last = Math.min(pixels.length, Math.ceil(right))
  for (let x = first; x < last; x++) {
    const covered = Math.min(right, x + 1) - Math.max(left, x)
    pixels[x] += covered / SUBSCANS
  }
}
