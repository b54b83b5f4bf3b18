import { readFile } from 'node:fs/promises'
import { takeRows } from '../../src/tensor/index.ts'
import { writeWhole } from './make-once.ts'

/** Row-major numbers of some images. */
export type View = { readonly width: number; readonly values: Float32Array }

/** Maps of some images, bytes, row-major. */
export type MapView = { readonly width: number; readonly values: Int8Array }

/** The listed rows of a view of maps. */
export function mapViewRows({ width, values }: MapView, rows: ArrayLike<number>): MapView {
  const own = new Int8Array(rows.length * width)
  for (let i = 0; i < rows.length; i++) {
    own.set(values.subarray(rows[i] * width, (rows[i] + 1) * width), i * width)
  }
  return { width, values: own }
}

/** The rows of both, one after the other. */
export function joinMapViews(first: MapView, rest: MapView): MapView {
  const values = new Int8Array(first.values.length + rest.values.length)
  values.set(first.values)
  values.set(rest.values, first.values.length)
  return { width: first.width, values }
}

/** The listed rows of a view. */
export function viewRows({ width, values }: View, rows: ArrayLike<number>): View {
  const { data } = takeRows({ shape: [values.length / width, width], data: values }, rows)
  return { width, values: data }
}

/** Number of rows of a view. */
export function rowCount({ width, values }: View): number {
  return values.length / width
}

/** Writes the values alone, whole or not at all. */
export async function writeView(path: string, { values }: View | MapView): Promise<void> {
  await writeWhole(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/** Reads what `writeView` wrote. */
export async function readView(path: string, width: number): Promise<View> {
  const bytes = await readFile(path)
  const { buffer, byteOffset, byteLength } = bytes
  return { width, values: new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)) }
}

/** Reads maps that `writeView` wrote. */
export async function readMapView(path: string, width: number): Promise<MapView> {
  const bytes = await readFile(path)
  return { width, values: new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
}
