import type { ImageShape } from '../../images/index.ts'
import { type PropertyFamily, property, ratio } from './property-family.ts'

const levels = 3
/** |a − b − c + d| in steps of 1/255 reaches 2 × 255. */
const binCount = 511

const columns = [
  ...Array.from({ length: levels }, (_, level) => {
    const scale = `${2 ** (level + 1)}-pixel scale`
    return [
      property(`wavelet-x-${level + 1}`, `left-right detail at ${scale} (Haar wavelet)`),
      property(`wavelet-y-${level + 1}`, `up-down detail at ${scale} (Haar wavelet)`),
      property(`wavelet-xy-${level + 1}`, `diagonal detail at ${scale} (Haar wavelet)`),
    ]
  }).flat(),
  property('smooth-noise', 'noise in smooth areas (smaller half of the finest diagonal detail)'),
]

/** Mean-square amplitudes of the orthonormal Haar transform, 3 bands × 3 levels; odd edges are left out. */
export function waveletFamily({ height, width }: ImageShape): PropertyFamily {
  const approximations = Array.from({ length: levels }, (_, level) => {
    return new Float32Array((height >> (level + 1)) * (width >> (level + 1)))
  })
  const histogram = new Int32Array(binCount)
  const energy = new Float64Array(3)
  return {
    columns,
    measure: ({ grey }, out, at) => {
      let source = grey
      for (let level = 0; level < levels; level++) {
        const target = approximations[level]
        transformLevel(source, target, { width: width >> level, height: height >> level, energy })
        for (let band = 0; band < 3; band++) {
          out[at + 3 * level + band] = Math.sqrt(ratio(energy[band], target.length))
        }
        source = target
      }
      out[at + 3 * levels] = smoothNoise(grey, { width, height, histogram })
    },
  }
}

/** Writes the half-size approximation and the three energies Σ detail². */
function transformLevel(
  source: Float32Array,
  target: Float32Array,
  { width, height, energy }: { width: number; height: number; energy: Float64Array },
): void {
  const columnsOut = width >> 1
  const rowsOut = height >> 1
  let across = 0
  let down = 0
  let diagonal = 0
  for (let y = 0, to = 0; y < rowsOut; y++) {
    let i = 2 * y * width
    for (let x = 0; x < columnsOut; x++, i += 2, to++) {
      const a = source[i]
      const b = source[i + 1]
      const c = source[i + width]
      const d = source[i + width + 1]
      target[to] = (a + b + c + d) / 2
      const horizontal = a - b + c - d
      const vertical = a + b - c - d
      const cross = a - b - c + d
      across += horizontal * horizontal
      down += vertical * vertical
      diagonal += cross * cross
    }
  }
  energy[0] = across / 4
  energy[1] = down / 4
  energy[2] = diagonal / 4
}

/** Mean of the smaller half of |diagonal detail|, from a histogram in steps of 1/510: edges do not count. */
function smoothNoise(
  grey: Float32Array,
  { width, height, histogram }: { width: number; height: number; histogram: Int32Array },
): number {
  histogram.fill(0)
  const columnsOut = width >> 1
  const rowsOut = height >> 1
  for (let y = 0; y < rowsOut; y++) {
    let i = 2 * y * width
    for (let x = 0; x < columnsOut; x++, i += 2) {
      const cross = grey[i] - grey[i + 1] - grey[i + width] + grey[i + width + 1]
      histogram[(Math.abs(cross) * 255 + 0.5) | 0]++
    }
  }
  const half = (columnsOut * rowsOut) >> 1
  let counted = 0
  let sum = 0
  for (let bin = 0; counted < half; bin++) {
    const times = Math.min(histogram[bin], half - counted)
    counted += times
    sum += times * bin
  }
  return ratio(sum, 2 * 255 * half)
}
