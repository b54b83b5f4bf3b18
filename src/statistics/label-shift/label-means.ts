import { matrix, solve } from '../../tensor/index.ts'
import type { LabelledParts, LabelledReference } from './labelled-reference.ts'

/**
 * What remains of a window's mean scores when the mix of labels that its discriminants tell is taken away:
 * φ̄ − Σ_y a_y μ_y with Σ_y a_y M_y = ḡ, where μ_y and M_y are the reference's mean scores and discriminants of label
 * y. Zero on average whatever the mix, without any estimate of it. `times` says how often each part of the reference
 * counts. Null where the labels can't be told apart at all.
 */
export function remainderOf(
  means: Float64Array,
  prepared: LabelledReference,
  times: ArrayLike<number>,
): Float64Array | null {
  const { labelCount, scoreCount, parts, table } = prepared
  const rows = countRows(parts, labelCount, times)
  const mix = mixOf(means.subarray(scoreCount), prepared, { times, rows })
  if (mix === null) return null
  const remainder = means.slice(0, scoreCount)
  for (let part = 0; part < parts.count; part++) {
    if (times[part] === 0) continue
    for (let y = 0; y < labelCount; y++) {
      const cell = part * labelCount + y
      const factor = (times[part] * mix[y]) / rows[y]
      const from = cell * table.width
      for (let s = 0; s < scoreCount; s++) remainder[s] -= factor * parts.sums[from + s]
    }
  }
  return remainder
}

/** Rows of each label; one where it is in no part that counts, whose sums are zero then. */
function countRows(
  parts: LabelledParts,
  labelCount: number,
  times: ArrayLike<number>,
): Float64Array {
  const rows = new Float64Array(labelCount)
  for (let i = 0; i < parts.rows.length; i++) {
    rows[i % labelCount] += times[Math.floor(i / labelCount)] * parts.rows[i]
  }
  return rows.map((count) => count || 1)
}

/** The mix of labels by which the reference's discriminants average to the window's; an unbiased estimate, signs free. */
function mixOf(
  discriminants: Float64Array,
  { labelCount, scoreCount, parts, table }: LabelledReference,
  { times, rows }: { readonly times: ArrayLike<number>; readonly rows: Float64Array },
): Float64Array | null {
  const averages = new Float64Array(labelCount * labelCount)
  for (let part = 0; part < parts.count; part++) {
    for (let y = 0; y < labelCount; y++) {
      const from = (part * labelCount + y) * table.width + scoreCount
      const factor = times[part] / rows[y]
      for (let k = 0; k < labelCount; k++) {
        averages[k * labelCount + y] += factor * parts.sums[from + k]
      }
    }
  }
  try {
    return solve(matrix(labelCount, labelCount, averages), discriminants)
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

/** The table's rows less the mean of their label. */
export function deviationsFromLabels({
  table: { width, values },
  labels,
  labelCount,
  parts,
}: LabelledReference): Float32Array {
  const rows = countRows(parts, labelCount, new Uint32Array(parts.count).fill(1))
  const means = new Float64Array(labelCount * width)
  parts.sums.forEach((sum, i) => {
    const cell = Math.floor(i / width) % labelCount
    means[cell * width + (i % width)] += sum / rows[cell]
  })
  return values.map(
    (value, i) => value - means[labels[Math.floor(i / width)] * width + (i % width)],
  )
}
