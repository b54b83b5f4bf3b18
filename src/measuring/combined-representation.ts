import {
  countRows,
  type FeatureColumn,
  type Representation,
  tableOf,
} from '../representations/index.ts'

/** Several representations side by side. */
export type CombinedRepresentation = Pick<Representation, 'columns' | 'measureInto' | 'save'> &
  Required<Pick<Representation, 'close'>>

/** Rows that hold the columns of all parts, in order, each measured once those before it are; and all their files. */
export function combineRepresentations(parts: readonly Representation[]): CombinedRepresentation {
  const { columns } = tableOf(
    parts.flatMap((part) => part.columns),
    new Float32Array(),
  )
  const placed = placeParts(parts, columns)
  return {
    columns,
    measureInto: async (inputs, { values, stride, offset }) => {
      const rows = countRows(inputs)
      // One after the other: each part already uses the cores it needs.
      for (const { part, start, wanted } of placed) {
        const source = wanted && { values, rows, stride, columns: wanted.map((k) => offset + k) }
        const target = { values, stride, offset: offset + start }
        await part.measureInto(source ? { ...inputs, columns: source } : inputs, target)
      }
    },
    save: () => {
      const files = new Map<string, Uint8Array>()
      for (const [name, bytes] of parts.flatMap((part) => [...part.save()])) {
        if (files.has(name)) throw new RangeError(`expected distinct file names, got ${name} twice`)
        files.set(name, bytes)
      }
      return files
    },
    close: async () => {
      for (const part of parts) await part.close?.()
    },
  }
}

type PlacedPart = {
  readonly part: Representation
  /** Its first column. */
  readonly start: number
  /** The columns that it is measured on, if it is. */
  readonly wanted: Uint32Array | undefined
}

function placeParts(
  parts: readonly Representation[],
  columns: readonly FeatureColumn[],
): PlacedPart[] {
  let start = 0
  return parts.map((part) => {
    const before = columns.slice(0, start)
    const { needs } = part
    const wanted =
      needs.of === 'columns'
        ? Uint32Array.from(needs.names, (name) => placeOf(name, before))
        : undefined
    const placed = { part, start, wanted }
    start += part.columns.length
    return placed
  })
}

function placeOf(name: string, before: readonly FeatureColumn[]): number {
  const place = before.findIndex((column) => column.name === name)
  if (place < 0) throw new RangeError(`expected a column ${name} to measure on, got none`)
  return place
}
