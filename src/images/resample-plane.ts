import { bilinearAxis } from './bilinear-axis.ts'

/** In pixels. */
export type PlaneSize = { readonly height: number; readonly width: number }

/** Writes a resized copy of a plane into `target`. */
export type PlaneResampler = (plane: Float32Array, target: Float32Array) => void

/** Bilinear with half-pixel centres, the triangle widened when shrinking, as Pillow and torchvision do it. */
export function planeResampler(from: PlaneSize, to: PlaneSize): PlaneResampler {
  if (from.height === to.height && from.width === to.width) {
    return (plane, target) => target.set(plane)
  }
  const across = axisWeights(from.width, to.width)
  const down = axisWeights(from.height, to.height)
  const narrowed = new Float32Array(from.height * to.width)
  return (plane, target) => {
    for (let y = 0; y < from.height; y++) {
      const row = y * from.width
      across.forEach(({ first, weights }, x) => {
        narrowed[y * to.width + x] = weightedSum(plane, { at: row + first, step: 1, weights })
      })
    }
    down.forEach(({ first, weights }, y) => {
      for (let x = 0; x < to.width; x++) {
        const at = first * to.width + x
        target[y * to.width + x] = weightedSum(narrowed, { at, step: to.width, weights })
      }
    })
  }
}

/** The source pixels that one target pixel averages. */
type Weights = { readonly first: number; readonly weights: Float32Array }

function axisWeights(from: number, to: number): readonly Weights[] {
  const { first, counts, weights } = bilinearAxis(from, to)
  let used = 0
  return Array.from(first, (start, i) => {
    const own = weights.subarray(used, used + counts[i])
    used += counts[i]
    return { first: start, weights: own }
  })
}

function weightedSum(
  values: Float32Array,
  {
    at,
    step,
    weights,
  }: { readonly at: number; readonly step: number; readonly weights: Float32Array },
): number {
  let sum = 0
  for (let k = 0, i = at; k < weights.length; k++, i += step) sum += weights[k] * values[i]
  return sum
}
