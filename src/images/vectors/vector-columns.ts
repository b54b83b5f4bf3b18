import { DriftError } from '../../errors.ts'
import type { GivenRow, GivenVector } from './collect-vectors.ts'
import { VECTOR_NAMES, type VectorName } from './given-vectors.ts'

/** Which column of a table holds which vector. */
export type VectorColumns = { readonly [name in VectorName]?: string }

const NAMES: Readonly<Record<VectorName, readonly string[]>> = {
  probabilities: ['probabilities'],
  logits: ['logits'],
  embeddings: ['embedding', 'embeddings'],
}

/** Finds the vectors among column names, case ignored; `ending` is what all names may end in (`_test`). */
export function findVectors(columns: readonly string[], ending = ''): VectorColumns {
  const found = VECTOR_NAMES.flatMap((vector) => {
    const wanted = new Set(NAMES[vector].map((name) => name + ending))
    const column = columns.find((name) => wanted.has(name.toLowerCase()))
    return column === undefined ? [] : [[vector, column] as const]
  })
  return Object.fromEntries(found)
}

/** One row's vectors; empty cells are absent ones. */
export function readVectors(
  columns: VectorColumns,
  cell: (column: string) => unknown,
  where: string,
): GivenRow {
  const row: Partial<Record<VectorName, GivenVector>> = {}
  for (const name of VECTOR_NAMES) {
    const column = columns[name]
    if (column === undefined) continue
    const place = `column ${column} of ${where}`
    const values = parseVector(cell(column), place)
    if (values !== undefined) row[name] = { values, where: place }
  }
  return row
}

/** A list of numbers, one number, or text such as `[0.1, 0.9]`, `0.1 0.9` or `0.1;0.9`; undefined when empty. */
function parseVector(cell: unknown, where: string): Float32Array | undefined {
  if (cell === undefined || cell === null) return undefined
  if (cell instanceof Uint8Array) return parseText(Buffer.from(cell).toString('utf8'), where)
  if (typeof cell === 'string') return parseText(cell, where)
  const list: readonly unknown[] =
    ArrayBuffer.isView(cell) && Symbol.iterator in cell
      ? [...(cell as Float64Array)]
      : [cell].flat()
  return Float32Array.from(list, (part) => {
    if (typeof part === 'number' || typeof part === 'bigint') return Number(part)
    throw noNumbers(JSON.stringify(part) ?? 'nothing', where)
  })
}

function parseText(text: string, where: string): Float32Array | undefined {
  const bare = text.trim().replace(/^\[/, '').replace(/\]$/, '')
  if (text.trim() === '') return undefined
  const parts = bare.split(/[\s,;]+/).filter((part) => part !== '')
  return Float32Array.from(parts, (part) => {
    const value = Number(part)
    if (Number.isNaN(value) && part.toLowerCase() !== 'nan') {
      throw noNumbers(JSON.stringify(part), where)
    }
    return value
  })
}

function noNumbers(got: string, where: string): DriftError {
  return new DriftError(
    'vector.invalid',
    `expected numbers such as [0.1, 0.9], got ${got.slice(0, 60)} in ${where}`,
    { hint: 'Write a JSON array, or numbers with spaces or semicolons between them.' },
  )
}
