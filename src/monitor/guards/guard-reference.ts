import type { FileTrait } from '../../file-properties.ts'
import type { Baseline, Policy } from '../../judging/index.ts'
import type { Measurements } from '../../measuring/values/index.ts'

/** A number of an image by the name of its column; NaN where the detector has no such column. */
export type ImageNumbers = (column: string) => number

/** The reference as guards look at it. */
export type GuardReference = {
  /** All reference images in one column, ascending; empty where there is none. */
  ascending(column: string): Float32Array
  /** The reference images by their columns. */
  readonly numbers: readonly ImageNumbers[]
  /** Share of the reference images of which something is true. */
  shareOf(is: (image: ImageNumbers) => boolean): number
  /** Whether that may change of the files. */
  tolerates(trait: FileTrait): boolean
}

/** Looks at a detector's reference. */
export function createGuardReference(
  { table, settings }: Pick<Baseline, 'table' | 'settings'>,
  policy: Policy,
): GuardReference {
  const tolerated = new Set([...(settings.toleratedFiles ?? []), ...(policy.tolerateFiles ?? [])])
  const numbers = numbersOf(table)
  return {
    numbers,
    ascending: (column) => columnOf(table, column).toSorted(),
    shareOf: (is) => numbers.filter((image) => is(image)).length / Math.max(1, numbers.length),
    tolerates: (trait) => tolerated.has(trait),
  }
}

type Rows = Pick<Measurements, 'columns' | 'values'>

/** Each image by the names of its columns. */
export function numbersOf({ columns, values }: Rows): ImageNumbers[] {
  const places = new Map(columns.map(({ name }, i) => [name, i]))
  const width = columns.length
  return Array.from({ length: values.length / width }, (_, row) => (column) => {
    const place = places.get(column)
    return place === undefined ? Number.NaN : values[row * width + place]
  })
}

/** One column of all images; empty where there is none of that name. */
function columnOf({ columns, values }: Rows, name: string): Float32Array {
  const place = columns.findIndex((column) => column.name === name)
  if (place < 0) return new Float32Array()
  const width = columns.length
  const rows = values.length / width
  return Float32Array.from({ length: rows }, (_, row) => values[row * width + place])
}
