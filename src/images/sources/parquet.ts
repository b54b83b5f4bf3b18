import { existsSync } from 'node:fs'
import { dirname } from 'node:path'
import { DriftError } from '../../errors.ts'
import { openParquet, type ParquetField, type ParquetTable } from '../../parquet/index.ts'
import { inWindows, type StoredBytes } from '../../storage/index.ts'
import { brokenStream } from '../arrays/byte-reader.ts'
import type { ImageItem } from '../image-item.ts'
import { itemSource } from '../item-source.ts'
import { columnsOf, findFields, readRecord, type RecordFields } from '../record-fields.ts'
import type { SourceFormat } from '../source-format.ts'
import { findTablePath, PATH_COLUMNS } from '../table-path.ts'
import { readModelOutputs } from '../model-outputs/output-columns.ts'

/**
 * A Parquet table with a column of encoded images, plain bytes or the struct {bytes, path} that Hugging Face
 * writes. Rows are read some megabytes at a time; without an id column, ids are row numbers.
 */
export const parquetFormat: SourceFormat = {
  kind: 'parquet',
  title: 'Parquet table with a column of image bytes',
  accepts: ['column'],
  recognises: ({ head }) => Buffer.from(head.subarray(0, 4)).toString('latin1') === 'PAR1',
  open: async ({ path, bytes }, { column, pixelLimit }) => {
    const table = await openParquet(bytes.file ?? slicesOf(bytes)).catch((error: unknown) => {
      throw brokenStream(error, path)
    })
    const images = chooseColumn(table.fields, column, path)
    const others = table.fields.filter(
      (child) => child.element.name !== images && !holdsBytes(child),
    )
    const fields = findFields(others.map(({ element }) => element.name))
    return itemSource({
      kind: 'parquet',
      location: path,
      count: table.rowCount,
      idsMayRepeat: fields.id !== undefined,
      pixelLimit,
      items: () => readGroups({ path, isFile: bytes.file !== undefined, table, images, fields }),
    })
  },
}

type Table = {
  readonly path: string
  /** False where it lies in a bucket: it names no file of this machine. */
  readonly isFile: boolean
  readonly table: ParquetTable
  readonly images: string
  readonly fields: RecordFields
}

async function* readGroups(definition: Table): AsyncGenerator<ImageItem> {
  const { path, table, images, fields } = definition
  const columns = [images, ...columnsOf(fields)]
  const pieces = table.pieces(columns)[Symbol.asyncIterator]()
  const orBroken = (error: unknown): never => {
    throw brokenStream(error, path)
  }
  for (;;) {
    const { value: range, done } = await pieces.next().catch(orBroken)
    if (done === true) return
    const rows = await table.readRows(columns, range).catch(orBroken)
    for (const [i, row] of rows.entries()) {
      const place = `${path}, row ${range.start + i}`
      const record = readRecord(fields, (name) => row[name], {
        fallbackId: String(range.start + i),
        where: place,
      })
      const modelOutputs = readModelOutputs(fields, (name) => row[name], place)
      yield { record, modelOutputs, ...pictureOf(row[images], definition, place) }
    }
  }
}

/** What the Parquet reader asks for, of an object in a bucket. */
function slicesOf(bytes: StoredBytes) {
  const near = inWindows(bytes)
  const slice = async (start: number, end = bytes.size): Promise<ArrayBuffer> =>
    (await near.read({ start, end })).buffer
  return { byteLength: bytes.size, slice }
}

type Picture = { encoded: Uint8Array } | { file: string } | { error: DriftError }

/** The bytes in a cell, or the file beside the table that it names. */
function pictureOf(cell: unknown, { path, isFile, images }: Table, place: string): Picture {
  const encoded = bytesOf(cell)
  if (encoded) return { encoded }
  const named = pathOf(cell)
  const found = named === undefined || !isFile ? undefined : findTablePath(dirname(path), named)
  if (found !== undefined && (!('file' in found) || existsSync(found.file))) return found
  const got =
    named === undefined
      ? 'none'
      : `only the path ${JSON.stringify(named)}, ${isFile ? 'and there is no such file beside the table' : 'which is not followed from a bucket'},`
  const message = `expected image bytes in column ${images}, got ${got} in ${place}`
  return { error: new DriftError('image.undecodable', message) }
}

function pathOf(cell: unknown): string | undefined {
  const path = typeof cell === 'object' && cell !== null && 'path' in cell ? cell.path : cell
  return typeof path === 'string' && path !== '' ? path : undefined
}

function bytesOf(cell: unknown): Uint8Array | undefined {
  if (cell instanceof Uint8Array) return cell
  if (typeof cell !== 'object' || cell === null || !('bytes' in cell)) return undefined
  return cell.bytes instanceof Uint8Array ? cell.bytes : undefined
}

function chooseColumn(
  fields: readonly ParquetField[],
  wanted: string | undefined,
  path: string,
): string {
  const holders = fields.filter(holdsBytes)
  // Without bytes, paths do as they do in a manifest.
  const stored = holders.length > 0 ? holders : fields.filter(holdsPaths)
  const candidates = stored.map(({ element }) => element.name)
  const chosen =
    wanted === undefined
      ? (candidates.find((name) => name.toLowerCase() === 'image') ??
        (candidates.length === 1 ? candidates[0] : undefined))
      : candidates.find((name) => name === wanted)
  if (chosen !== undefined) return chosen
  const columns = fields.map(({ element }) => element.name).join(', ')
  const expected =
    wanted === undefined ? 'one column of image bytes' : `image bytes in column "${wanted}"`
  throw new DriftError(
    'source.unreadable',
    `expected ${expected}, got ${candidates.length === 0 ? 'none' : candidates.join(', ')} among ${columns} in ${path}`,
    { hint: 'Name the column that holds the encoded images: --column, or the option column.' },
  )
}

function holdsPaths({ element: { name, type } }: ParquetField): boolean {
  return type === 'BYTE_ARRAY' && PATH_COLUMNS.includes(name.toLowerCase())
}

function holdsBytes({ element, children }: ParquetField): boolean {
  if (children.length > 0) {
    return children.some((child) => child.element.name === 'bytes' && holdsBytes(child))
  }
  const isText = element.converted_type !== undefined || element.logical_type !== undefined
  return element.type === 'BYTE_ARRAY' && !isText
}
