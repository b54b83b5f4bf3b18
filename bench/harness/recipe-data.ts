import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { loadMnist } from '../../evaluation/data/mnist.ts'
import { type PackedImages, unpackImages } from '../../evaluation/data/packed-images.ts'

const FOLDER = fileURLToPath(new URL('../../out/bench/recipe-data/', import.meta.url))

/** Writes the recipe's images for workers in any language, `<part>.json` with the shape and `<part>.f32`; returns the folder. */
export async function writeRecipeData(): Promise<string> {
  const { training, test } = await loadMnist()
  await mkdir(FOLDER, { recursive: true })
  await writePart('training', training)
  await writePart('validation', test)
  return FOLDER
}

async function writePart(name: string, images: PackedImages): Promise<void> {
  const rows = Uint32Array.from({ length: images.count }, (_, row) => row)
  const { shape, data } = unpackImages(images, rows)
  await writeFile(`${FOLDER}${name}.f32`, new Uint8Array(data.buffer))
  await writeFile(`${FOLDER}${name}.json`, JSON.stringify({ shape }))
}
