import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { PackedImages } from './packed-images.ts'

const FOLDER = new URL('../../out/data/', import.meta.url)

type Header = Omit<PackedImages, 'pixels' | 'labels'> & { readonly origin: string }

/** Images from the cache in `out/data`, or from `read`, whose answer is kept; a changed original file is read again. */
export async function cachedImages(
  name: string,
  originals: readonly string[],
  read: () => Promise<PackedImages>,
): Promise<PackedImages> {
  const origin = await describeFiles(originals)
  return (await readCache(name, origin)) ?? writeCache(name, origin, await read())
}

async function readCache(name: string, origin: string): Promise<PackedImages | undefined> {
  const text = await readFile(cachePath(`${name}.json`), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  const { origin: cachedOrigin, ...header } = JSON.parse(text) as Header
  if (cachedOrigin !== origin) return undefined
  const [pixels, labels] = await Promise.all([
    readFile(cachePath(`${name}.pixels`)),
    readFile(cachePath(`${name}.labels`)),
  ])
  return { ...header, pixels, labels }
}

/** The header is written last: it stands for complete arrays, whichever process wrote them. */
async function writeCache(
  name: string,
  origin: string,
  images: PackedImages,
): Promise<PackedImages> {
  const { pixels, labels, ...header } = images
  await mkdir(FOLDER, { recursive: true })
  await replaceFile(`${name}.pixels`, pixels)
  await replaceFile(`${name}.labels`, labels)
  await replaceFile(`${name}.json`, JSON.stringify({ ...header, origin } satisfies Header))
  return images
}

async function replaceFile(name: string, content: string | Uint8Array): Promise<void> {
  const partial = cachePath(`${name}.${process.pid}.partial`)
  await writeFile(partial, content)
  await rename(partial, cachePath(name))
}

async function describeFiles(paths: readonly string[]): Promise<string> {
  const parts = await Promise.all(
    paths.map(async (path) => {
      const { size, mtimeMs } = await stat(path)
      return `${path} ${size} ${mtimeMs}`
    }),
  )
  return parts.join('\n')
}

function cachePath(name: string): string {
  return fileURLToPath(new URL(name, FOLDER))
}
