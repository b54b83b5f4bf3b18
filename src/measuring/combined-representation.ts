import type { Tensor } from '../tensor/index.ts'
import {
  type ColumnTarget,
  concatenateColumns,
  copyRows,
  type Representation,
  tableOf,
  writingInto,
} from '../representations/index.ts'

/** One representation whose rows hold the columns of all parts, in order, and whose saved files are theirs together. */
export function combineRepresentations(parts: readonly Representation[]): Required<Representation> {
  const { columns } = concatenateColumns(
    parts.map((part) => tableOf(part.columns, new Float32Array())),
  )
  return {
    kind: 'combined',
    columns,
    ...writingInto(columns.length, async (pixels, target) => {
      let { offset } = target
      // One after the other: each part already uses the cores it needs.
      for (const part of parts) {
        await transformInto(part, pixels, { ...target, offset })
        offset += part.columns.length
      }
    }),
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

async function transformInto(
  part: Representation,
  pixels: Tensor,
  target: ColumnTarget,
): Promise<void> {
  if (part.transformInto !== undefined) return part.transformInto(pixels, target)
  copyRows({ values: await part.transform(pixels), width: part.columns.length }, target)
}
