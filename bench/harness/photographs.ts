/** CIFAR-10's test images as a folder of JPEGs, and a detector of such images. */
import { link, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cifar10Archive, missingCifar10 } from '../../evaluation/data/cifar10.ts'
import { fit } from '../../src/detector/index.ts'
import { limitImages, openImages } from '../../src/images/index.ts'
import { readTarFiles } from './tar-files.ts'
import type { BenchContext } from './topic.ts'

const FOLDER = fileURLToPath(new URL('../../out/bench/', import.meta.url))
const FIT_IMAGES = 6000

/** Why there are no photographs here; undefined when there are. */
export const missingPhotographs = missingCifar10

/** 10,000 JPEGs of 32×32 in ten folders; unpacked at the first call. */
export async function photographFolder(): Promise<string> {
  const folder = join(FOLDER, 'photographs')
  if ((await readdir(folder).catch(() => [])).length > 0) return folder
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  for await (const { path, bytes } of readTarFiles(cifar10Archive('test'))) {
    await mkdir(dirname(join(partial, path)), { recursive: true })
    await writeFile(join(partial, path), bytes)
  }
  await rename(partial, folder)
  return folder
}

/** A folder in which the photographs stand `copies` times, as links that take no room. */
export async function manyPhotographs(copies: number): Promise<string> {
  const original = await photographFolder()
  const folder = join(FOLDER, `photographs-${copies}-times`)
  if ((await readdir(folder).catch(() => [])).length > 0) return folder
  const partial = `${folder}.partial`
  await rm(partial, { recursive: true, force: true })
  const files = await readdir(original, { recursive: true, withFileTypes: true })
  for (let copy = 0; copy < copies; copy++) {
    for (const { name, parentPath } of files.filter((file) => file.isFile())) {
      const target = join(partial, String(copy), parentPath.slice(original.length))
      await mkdir(target, { recursive: true })
      await link(join(parentPath, name), join(target, name))
    }
  }
  await rename(partial, folder)
  return folder
}

/** Fits a detector briefly on training photographs: its pace doesn't depend on how well it has learned. */
export async function fitPhotographs({ log, signal }: BenchContext): Promise<string> {
  const path = join(FOLDER, 'photographs.pixeldrift')
  await mkdir(FOLDER, { recursive: true })
  log(`fitting a detector on ${FIT_IMAGES} photographs`)
  const source = limitImages(await openImages(cifar10Archive('train')), FIT_IMAGES)
  const detector = await fit(source, { epochs: 1, signal })
  await detector.save(path)
  await detector.close()
  return path
}
