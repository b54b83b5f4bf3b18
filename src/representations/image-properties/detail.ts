import type { ImageShape } from '../../images/index.ts'
import { type PropertyFamily, property, ratio } from './property-family.ts'

/** Steps below this are rounding of the channel mean; a step of 16-bit data is 15 times larger. */
const flatStep = 1e-6

const columns = [
  property('gradient-x', 'left-right detail (mean absolute step between columns)'),
  property('gradient-y', 'up-down detail (mean absolute step between rows)'),
  property('gradient-x-rms', 'left-right edges (root mean square step between columns)'),
  property('gradient-y-rms', 'up-down edges (root mean square step between rows)'),
  property('flat-fraction', 'share of pixels equal to their right neighbour'),
  property('blockiness', 'block pattern (extra steps at every 8th pixel, as JPEG leaves)'),
  property('noise', 'fine-grain noise level (Immerkær estimate)'),
  property('laplacian', 'sharpness (root mean square Laplacian)'),
  property('bright-spike', 'brightest isolated pixel (height above all four neighbours)'),
  property('dark-spike', 'darkest isolated pixel (depth below all four neighbours)'),
]

/** Sums over the 3×3 neighbourhoods that fit into the image. */
type Curvature = { noise: number; laplacian: number; bright: number; dark: number }

/** Sums over |step| and step² to the right and lower neighbours; `flat` counts zero steps to the right. */
type Steps = {
  across: number
  down: number
  acrossSquare: number
  downSquare: number
  flat: number
}

/** How much changes from pixel to pixel: edges, noise, sharpness, isolated pixels, JPEG blocks. */
export function detailFamily({ height, width }: ImageShape): PropertyFamily {
  const alongRows = { length: width, step: 1, count: height, next: width }
  const alongColumns = { length: height, step: width, count: width, next: 1 }
  const steps: Steps = { across: 0, down: 0, acrossSquare: 0, downSquare: 0, flat: 0 }
  const curvature: Curvature = { noise: 0, laplacian: 0, bright: 0, dark: 0 }
  const acrossCount = height * (width - 1)
  const downCount = (height - 1) * width
  const inner = Math.max(0, height - 2) * Math.max(0, width - 2)
  return {
    columns: columns,
    measure: ({ grey }, out, at) => {
      sumSteps(grey, width, steps)
      const across = ratio(steps.across, acrossCount)
      const down = ratio(steps.down, downCount)
      out[at] = across
      out[at + 1] = down
      out[at + 2] = Math.sqrt(ratio(steps.acrossSquare, acrossCount))
      out[at + 3] = Math.sqrt(ratio(steps.downSquare, downCount))
      out[at + 4] = ratio(steps.flat, acrossCount)
      out[at + 5] = ratio(
        blockExcess(grey, alongRows) + blockExcess(grey, alongColumns),
        across + down,
      )
      sumCurvature(grey, width, curvature)
      // Immerkær, Fast noise variance estimation, 1996, eq. 5.
      out[at + 6] = Math.sqrt(Math.PI / 2) * ratio(curvature.noise, 6 * inner)
      out[at + 7] = Math.sqrt(ratio(curvature.laplacian, inner))
      out[at + 8] = curvature.bright
      out[at + 9] = curvature.dark
    },
  }
}

/** Sums over the steps from each pixel to its right and lower neighbours. */
function sumSteps(grey: Float32Array, width: number, steps: Steps): void {
  let across = 0
  let down = 0
  let acrossSquare = 0
  let downSquare = 0
  let flat = 0
  const lastRow = grey.length - width
  for (let row = 0; row < lastRow; row += width) {
    const last = row + width - 1
    let here = grey[row]
    for (let i = row; i < last; i++) {
      const right = grey[i + 1]
      const x = Math.abs(right - here)
      const y = Math.abs(grey[i + width] - here)
      across += x
      acrossSquare += x * x
      down += y
      downSquare += y * y
      if (x < flatStep) flat++
      here = right
    }
    const y = Math.abs(grey[last + width] - here)
    down += y
    downSquare += y * y
  }
  for (let i = lastRow; i < grey.length - 1; i++) {
    const x = Math.abs(grey[i + 1] - grey[i])
    across += x
    acrossSquare += x * x
    if (x < flatStep) flat++
  }
  steps.across = across
  steps.down = down
  steps.acrossSquare = acrossSquare
  steps.downSquare = downSquare
  steps.flat = flat
}

/** A direction across an image: `length` pixels `step` apart, along each of `count` lines `next` apart. */
type Direction = {
  readonly length: number
  readonly step: number
  readonly count: number
  readonly next: number
}

/** Mean step across the borders of 8-pixel blocks minus the mean of the steps beside them. */
function blockExcess(grey: Float32Array, { length, step, count, next }: Direction): number {
  let excess = 0
  let borders = 0
  for (let border = 7; border < length - 2; border += 8, borders++) {
    for (let k = 0, i = border * step; k < count; k++, i += next) {
      const before = grey[i]
      const after = grey[i + step]
      excess += Math.abs(after - before)
      excess -= Math.abs(before - grey[i - step]) / 2
      excess -= Math.abs(grey[i + 2 * step] - after) / 2
    }
  }
  return ratio(excess, borders * count)
}

/** Immerkær's mask is the product of the second differences [1 −2 1] down and across. */
function sumCurvature(grey: Float32Array, width: number, curvature: Curvature): void {
  let noise = 0
  let laplacian = 0
  let bright = 0
  let dark = 0
  const end = grey.length - width
  for (let row = width; row < end; row += width) {
    let west = grey[row]
    let here = grey[row + 1]
    let north = grey[row + 1 - width]
    let south = grey[row + 1 + width]
    let westBend = grey[row - width] - 2 * west + grey[row + width]
    let bend = north - 2 * here + south
    for (let i = row + 2; i < row + width; i++) {
      const east = grey[i]
      const northEast = grey[i - width]
      const southEast = grey[i + width]
      const eastBend = northEast - 2 * east + southEast
      noise += Math.abs(westBend - 2 * bend + eastBend)
      const curve = bend + west - 2 * here + east
      laplacian += curve * curve
      // Four times the largest and smallest neighbour; by |a − b|, since Math.max branches.
      const downSum = north + south
      const downGap = Math.abs(north - south)
      const acrossSum = west + east
      const acrossGap = Math.abs(west - east)
      const high = downSum + downGap + acrossSum + acrossGap
      const low = downSum - downGap + acrossSum - acrossGap
      const above = 4 * here - high - Math.abs(downSum + downGap - acrossSum - acrossGap)
      const below = low - Math.abs(downSum - downGap - acrossSum + acrossGap) - 4 * here
      if (above > bright) bright = above
      if (below > dark) dark = below
      west = here
      here = east
      north = northEast
      south = southEast
      westBend = bend
      bend = eastBend
    }
  }
  curvature.noise = noise
  curvature.laplacian = laplacian
  curvature.bright = bright / 4
  curvature.dark = dark / 4
}
