import assert from 'node:assert/strict'
import { join } from 'node:path'
import {
  type BatchOptions,
  type ImageSource,
  type ModelOutputs,
  openImages,
} from '../../src/images/index.ts'
import { collect } from '../contracts/image-source.ts'
import { COUNT, npyOf, png, referenceBytes, writeFolder } from './stored-images.ts'

/** Row i of COUNT rows: probabilities of three classes that tell the row. */
export const probabilities = Array.from({ length: COUNT }, (_, i) => [i / 16, 0.25, 0.75 - i / 16])
/** Row i of as many rows: five numbers. */
export const embeddings = Array.from({ length: COUNT }, (_, i) => [i, -i, 0.5, 2 * i, 1])

/** An NPY file of float32 rows. */
export function floats(
  rows: readonly (readonly number[])[],
  { fortranOrder = false } = {},
): Uint8Array {
  const width = rows[0].length
  const values = fortranOrder
    ? Array.from({ length: width }, (_, k) => rows.map((row) => row[k])).flat()
    : rows.flat()
  const bytes = new Uint8Array(Float32Array.from(values).buffer)
  return npyOf([rows.length, width], bytes, { descr: '<f4', fortranOrder })
}

/** All rows of one output, of several batches one after the other. */
export async function modelOutputs(
  source: ImageSource,
  options: BatchOptions = {},
): Promise<Partial<Record<keyof ModelOutputs, number[][]>>> {
  const all: Partial<Record<keyof ModelOutputs, number[][]>> = {}
  for (const batch of await collect(source, options)) {
    for (const name of ['probabilities', 'logits', 'embeddings'] as const) {
      const rows = batch.modelOutputs?.[name]
      if (rows === undefined) continue
      const [count, width] = rows.shape
      assert.equal(count, batch.records.length)
      for (let row = 0; row < count; row++) {
        const values = Array.from(rows.data.subarray(row * width, (row + 1) * width))
        ;(all[name] ??= []).push(values)
      }
    }
  }
  return all
}

/** Three images and a table of them, opened. */
export async function manifest(name: string, lines: readonly string[]): Promise<ImageSource> {
  const files: Map<string, Uint8Array | string> = new Map([[name, lines.join('\n')]])
  const picture = await png(referenceBytes(0, 3), 3)
  for (const image of ['a.png', 'b.png', 'c.png']) files.set(image, picture)
  return openImages(join(await writeFolder(files), name))
}

/** Asserts that reading the source ends in an error about its model outputs. */
export async function refused(source: Promise<ImageSource>, message: RegExp, hint?: RegExp) {
  await assert.rejects(
    async () => collect(await source),
    (error: unknown) => {
      assert.ok(error instanceof Error && 'code' in error && 'hint' in error)
      assert.equal(error.code, 'model-outputs.invalid')
      assert.match(error.message, message)
      if (hint) assert.match(String(error.hint), hint)
      return true
    },
  )
}
