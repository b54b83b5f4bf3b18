import { DriftError } from '../../errors.ts'
import type { ModelOutput, ModelOutputRow } from './collect-model-outputs.ts'
import { MODEL_OUTPUT_NAMES, type ModelOutputName } from './model-outputs.ts'

/** Which column of a table holds which model output. */
export type ModelOutputColumns = { readonly [name in ModelOutputName]?: string }

const NAMES: Readonly<Record<ModelOutputName, readonly string[]>> = {
  probabilities: ['probabilities'],
  logits: ['logits'],
  embeddings: ['embedding', 'embeddings'],
}

/** Finds the model outputs among column names, case ignored; `ending` is what all names may end in (`_test`). */
export function findModelOutputs(columns: readonly string[], ending = ''): ModelOutputColumns {
  const found = MODEL_OUTPUT_NAMES.flatMap((output) => {
    const wanted = new Set(NAMES[output].map((name) => name + ending))
    const column = columns.find((name) => wanted.has(name.toLowerCase()))
    return column === undefined ? [] : [[output, column] as const]
  })
  return Object.fromEntries(found)
}

/** One row's outputs; empty cells are absent ones. */
export function readModelOutputs(
  columns: ModelOutputColumns,
  cell: (column: string) => unknown,
  where: string,
): ModelOutputRow {
  const row: Partial<Record<ModelOutputName, ModelOutput>> = {}
  for (const name of MODEL_OUTPUT_NAMES) {
    const column = columns[name]
    if (column === undefined) continue
    const place = `column ${column} of ${where}`
    const values = parseNumbers(cell(column), place)
    if (values !== undefined) row[name] = { values, where: place }
  }
  return row
}

/** A list of numbers, one number, or text such as `[0.1, 0.9]`, `0.1 0.9` or `0.1;0.9`; undefined when empty. */
function parseNumbers(cell: unknown, where: string): Float32Array | undefined {
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
    'model-outputs.invalid',
    `expected numbers such as [0.1, 0.9], got ${got.slice(0, 60)} in ${where}`,
    { hint: 'Write a JSON array, or numbers with spaces or semicolons between them.' },
  )
}
