import { dirname, resolve } from 'node:path'
import { DriftError } from '../../errors.ts'
import { brokenStream, streamFile } from '../arrays/byte-reader.ts'
import { readDelimited, readLines } from '../delimited-text.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import { columnsOf, findFields, readRecord, type RecordFields } from '../record-fields.ts'
import type { LocationProbe, OpenOptions, SourceFormat } from '../source-format.ts'
import { readVectors } from '../vectors/vector-columns.ts'

const NAME = /\.(csv|tsv|jsonl|ndjson)(?:\.gz)?$/i
const PATH_COLUMNS = ['path', 'file', 'filename', 'file_name', 'image', 'image_path', 'filepath']

/**
 * A CSV, TSV or JSON-lines table with one row per image: a path (relative to the table's folder) and,
 * where present, id, label, timestamp, prediction and the vectors of the user's own model; other columns become
 * attributes.
 */
export const manifestFormat: SourceFormat = {
  kind: 'manifest',
  title: 'CSV or JSON-lines table of image paths',
  accepts: ['column'],
  recognises: ({ path, isFolder }) => !isFolder && NAME.test(path),
  open: async (probe, options) =>
    itemSource({
      kind: 'manifest',
      location: probe.path,
      idsMayRepeat: true,
      pixelLimit: options.pixelLimit,
      items: () => readManifest(probe, options),
    }),
}

type Row = { readonly place: string; readonly cells: Readonly<Record<string, unknown>> }

async function* readManifest(
  probe: LocationProbe,
  { column }: OpenOptions,
): AsyncGenerator<ImageItem> {
  const folder = dirname(probe.path)
  let found: { pathColumn: string; fields: RecordFields } | undefined
  for await (const { place, cells } of readRows(probe)) {
    const columns = Object.keys(cells)
    // A line of JSON may bring columns that earlier lines lacked.
    if (found === undefined || !isSame(columns, found)) found = matchColumns(columns, column, place)
    const path = cells[found.pathColumn]
    if (typeof path !== 'string' || path === '') {
      const got = JSON.stringify(path) ?? 'nothing'
      const message = `expected a path in column ${found.pathColumn}, got ${got} in ${place}`
      throw new DriftError('source.unreadable', message)
    }
    const record = readRecord(found.fields, (name) => cells[name], {
      fallbackId: path,
      where: place,
    })
    const given = readVectors(found.fields, (name) => cells[name], place)
    yield { record, given, file: resolve(folder, path) }
  }
}

function readRows(probe: LocationProbe): AsyncGenerator<Row> {
  const extension = NAME.exec(probe.path)?.[1]?.toLowerCase()
  if (extension === 'csv') return readTable(probe, ',')
  if (extension === 'tsv') return readTable(probe, '\t')
  return readJsonLines(probe)
}

async function* readTable(probe: LocationProbe, delimiter: string): AsyncGenerator<Row> {
  let header: readonly string[] | undefined
  let number = 0
  for await (const row of readDelimited(readText(probe), delimiter)) {
    number++
    const place = `${probe.path}, row ${number}`
    if (header === undefined) {
      header = row.map((name) => name.trim())
      continue
    }
    if (row.length !== header.length) {
      const message = `expected ${header.length} cells like the header, got ${row.length} in ${place}`
      throw new DriftError('source.unreadable', message)
    }
    yield { place, cells: Object.fromEntries(header.map((name, i) => [name, row[i]])) }
  }
}

async function* readJsonLines(probe: LocationProbe): AsyncGenerator<Row> {
  let number = 0
  for await (const line of readLines(readText(probe))) {
    number++
    if (line.trim() === '') continue
    const place = `${probe.path}, line ${number}`
    yield { place, cells: parseObject(line, place) }
  }
}

function parseObject(line: string, place: string): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch (cause) {
    const message = `expected one JSON object a line, got ${JSON.stringify(line.slice(0, 60))} in ${place}`
    throw new DriftError('source.unreadable', message, { cause })
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>
  }
  throw new DriftError(
    'source.unreadable',
    `expected a JSON object, got ${line.slice(0, 60)} in ${place}`,
  )
}

async function* readText({ path, gzipped }: LocationProbe): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  try {
    for await (const chunk of streamFile(path, { gzipped })) {
      yield decoder.decode(chunk as Uint8Array, { stream: true })
    }
  } catch (error) {
    throw brokenStream(error, path)
  }
}

function matchColumns(
  columns: readonly string[],
  wanted: string | undefined,
  place: string,
): { pathColumn: string; fields: RecordFields } {
  const accepted = wanted === undefined ? PATH_COLUMNS : [wanted.toLowerCase()]
  const pathColumn = columns.find((column) => accepted.includes(column.toLowerCase()))
  if (pathColumn === undefined) {
    throw new DriftError(
      'source.unreadable',
      `expected a column ${accepted.join(', ')}; got ${columns.join(', ')} in ${place}`,
      { hint: 'Name the column that holds the image paths: --column, or the option column.' },
    )
  }
  return { pathColumn, fields: findFields(columns.filter((column) => column !== pathColumn)) }
}

function isSame(
  columns: readonly string[],
  { pathColumn, fields }: { pathColumn: string; fields: RecordFields },
): boolean {
  const known = new Set([pathColumn, ...columnsOf(fields)])
  return columns.includes(pathColumn) && columns.every((column) => known.has(column))
}
