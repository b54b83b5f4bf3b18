import type { MapRange } from './groups.ts'
import { MapPeaks } from './map-peaks.ts'
import { largestScale } from './map-scores.ts'
import type { OmnibusReference } from './reference.ts'

/** Mean and sum of squared deviations of every byte of the reference's maps. */
export type MapMoments = { readonly mean: Float64Array; readonly squares: Float64Array }

/** The moments of a reference that has maps. */
export function mapMoments({ maps, rows }: OmnibusReference): MapMoments {
  if (maps === undefined) throw new RangeError('expected maps of the reference, got none')
  const cells = maps.length / rows
  const mean = sumPlaces(maps, cells).map((sum) => sum / rows)
  const squares = new Float64Array(cells)
  for (let i = 0, place = 0; i < maps.length; i++, place = place + 1 === cells ? 0 : place + 1) {
    squares[place] += (maps[i] - mean[place]) ** 2
  }
  return { mean, squares }
}

/** A window's maps, bytes, beside the moments of the reference's. */
export type WindowMaps = {
  readonly moments: MapMoments
  readonly window: Int8Array
  /** Rows of the window, and of the reference. */
  readonly rows: { readonly window: number; readonly reference: number }
}

/**
 * By how many standard deviations the mean of the window differs from the reference's at every place, as the exact test
 * has it: deviations are those of both together.
 */
export function placeDifferences({ moments, window, rows }: WindowMaps): Float32Array {
  const cells = moments.mean.length
  const all = rows.window + rows.reference
  const most = largestScale({ rows: all, summed: rows.window })
  const sums = sumPlaces(window, cells)
  const squares = new Float64Array(cells)
  for (let i = 0, place = 0; i < window.length; i++, place = place + 1 === cells ? 0 : place + 1) {
    squares[place] += (window[i] - moments.mean[place]) ** 2
  }
  return Float32Array.from(sums, (sum, place) => {
    // Σ_W (v − pooled mean), and the pooled sum of squares, written in deviations from the reference mean.
    const apart = sum - rows.window * moments.mean[place]
    const pooled = moments.squares[place] + squares[place] - apart ** 2 / all
    const deviation = Math.sqrt((pooled * rows.window * rows.reference) / (all * (all - 1)))
    const scale = deviation > 0 ? Math.min(most, 1 / deviation) : most
    return ((apart * rows.reference) / all) * scale
  })
}

/** The statistic of one map, of its places' differences. */
export function mapStatistic(differences: Float32Array, { start, end }: MapRange): number {
  const peaks = new MapPeaks(1)
  peaks.add(
    0,
    differences.subarray(start, end).map((one) => Math.abs(one)),
  )
  return peaks.mean(0)
}

function sumPlaces(values: Int8Array, cells: number): Float64Array {
  const sums = new Float64Array(cells)
  for (let from = 0; from < values.length; from += cells) {
    for (let place = 0; place < cells; place++) sums[place] += values[from + place]
  }
  return sums
}
