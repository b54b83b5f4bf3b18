import type { ColumnSource } from '../representation.ts'
import { type Gaussianiser, gaussianise } from '../outlier-score/gaussianiser.ts'

/** How columns become what a linear witness can weigh: their normal scores, and how far out they are. */
export type Encoding = {
  readonly map: Gaussianiser
  /** Of the images that the map was fitted on. */
  readonly means: Float32Array
  /** 1 / standard deviation; 0 where a column is constant. */
  readonly perUnit: Float32Array
}

/** Moments beside a fitted map. */
export function encodingOf(map: Gaussianiser, values: Float32Array): Encoding {
  const { size } = map
  const rows = values.length / size
  const means = new Float32Array(size)
  const perUnit = new Float32Array(size)
  for (let k = 0; k < size; k++) {
    let sum = 0
    for (let at = k; at < values.length; at += size) sum += values[at]
    means[k] = sum / rows
    perUnit[k] = map.scales[k] > 0 ? 1 / map.scales[k] : 0
  }
  return { map, means, perUnit }
}

/** Normal scores are held here, so that the few images far out don't rule: how far those are, the logarithm tells. */
const FARTHEST = 4

/** N × 2 · columns: normal scores, held within ±4, then sign(z) · ln(1 + |z|) of the standardised values. */
export function encode(
  { map, means, perUnit }: Encoding,
  source: ColumnSource,
  { start, end } = { start: 0, end: source.rows },
): Float32Array {
  const { size } = map
  const scores = gaussianise(map, source, { start, end })
  const out = new Float32Array(2 * scores.length)
  for (let row = 0; row < end - start; row++) {
    const to = 2 * row * size
    const from = (start + row) * source.stride
    for (let k = 0; k < size; k++) {
      out[to + k] = Math.max(-FARTHEST, Math.min(FARTHEST, scores[row * size + k]))
      const z = (source.values[from + source.columns[k]] - means[k]) * perUnit[k]
      out[to + size + k] = Math.sign(z) * Math.log1p(Math.abs(z))
    }
  }
  return out
}
