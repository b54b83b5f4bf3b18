import type { ImageRecord } from './image-source.ts'
import { isoTime } from './record-time.ts'
import { findModelOutputs, type ModelOutputColumns } from './model-outputs/output-columns.ts'

/** Which column holds which field of a record, or which model output beside it; all other columns become attributes. */
export type RecordFields = ModelOutputColumns & {
  readonly id?: string
  readonly label?: string
  readonly timestamp?: string
  readonly prediction?: string
  readonly attributes: readonly string[]
}

const NAMES = {
  id: ['id', 'ids', 'image_id'],
  label: ['label', 'labels', 'class', 'y', 'target', 'targets'],
  timestamp: ['timestamp', 'timestamps', 'time', 'date'],
  prediction: ['prediction', 'predictions', 'predicted', 'predicted_class'],
} as const

/** Finds the fields among column names, case ignored; `ending` is what all names may end in (`_test`). */
export function findFields(columns: readonly string[], ending = ''): RecordFields {
  const find = (names: readonly string[]): string | undefined =>
    names
      .flatMap((name) => columns.filter((column) => column.toLowerCase() === name + ending))
      .at(0)
  const fields: Record<string, string> = { ...findModelOutputs(columns, ending) }
  for (const [field, names] of Object.entries(NAMES)) {
    const column = find(names)
    if (column !== undefined) fields[field] = column
  }
  const taken = new Set(Object.values(fields))
  return { ...fields, attributes: columns.filter((column) => !taken.has(column)) }
}

/** Every column the fields name. */
export function columnsOf({ attributes, ...named }: RecordFields): string[] {
  return [...Object.values(named), ...attributes]
}

/** Builds a record from one row's cells; empty cells are absent fields. */
export function readRecord(
  fields: RecordFields,
  cell: (column: string) => unknown,
  { fallbackId, where }: { readonly fallbackId: string; readonly where: string },
): ImageRecord {
  const text = (column: string | undefined): string | undefined =>
    column === undefined ? undefined : cellText(cell(column))
  const attributes: Record<string, string> = {}
  for (const column of fields.attributes) {
    const value = text(column)
    if (value !== undefined) attributes[column] = value
  }
  const label = text(fields.label)
  const timestamp = text(fields.timestamp)
  const prediction = text(fields.prediction)
  return {
    id: text(fields.id) ?? fallbackId,
    ...(label === undefined ? {} : { label }),
    ...(timestamp === undefined ? {} : { timestamp: isoTime(timestamp, where) }),
    ...(prediction === undefined ? {} : { prediction }),
    ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
  }
}

function cellText(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8')
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value)
  }
  return JSON.stringify(value)
}
