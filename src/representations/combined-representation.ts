import type { Tensor } from '../tensor/index.ts'
import { concatenateColumns, tableOf } from './feature-table.ts'
import type { Representation } from './representation.ts'

/** One representation whose rows hold the columns of all parts, in order, and whose saved files are theirs together. */
export function combineRepresentations(parts: readonly Representation[]): Representation {
  const { columns } = concatenateColumns(
    parts.map((part) => tableOf(part.columns, new Float32Array())),
  )
  return {
    kind: 'combined',
    columns,
    transform: async (pixels: Tensor) => {
      const tables = []
      // One after the other: each part already uses the cores it needs.
      for (const part of parts) tables.push(tableOf(part.columns, await part.transform(pixels)))
      return concatenateColumns(tables).values
    },
    save: () => {
      const files = new Map<string, Uint8Array>()
      for (const [name, bytes] of parts.flatMap((part) => [...part.save()])) {
        if (files.has(name)) throw new RangeError(`expected distinct file names, got ${name} twice`)
        files.set(name, bytes)
      }
      return files
    },
  }
}
