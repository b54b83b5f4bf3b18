import { readFile } from 'node:fs/promises'
import { takeRows } from '../../src/tensor/index.ts'
import { writeWhole } from './make-once.ts'

/** Row-major numbers of some images. */
export type View = { readonly width: number; readonly values: Float32Array }

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
export async function writeView(path: string, { values }: View): Promise<void> {
  await writeWhole(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}

/** Reads what `writeView` wrote. */
export async function readView(path: string, width: number): Promise<View> {
  const bytes = await readFile(path)
  const { buffer, byteOffset, byteLength } = bytes
  return { width, values: new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength)) }
}
