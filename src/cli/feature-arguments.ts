import { globSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { DriftError } from '../errors.ts'
import { type FeaturesFile, type Measurements, openFeatures } from '../measuring/index.ts'

/** What the user pointed at: images, or files of what was measured of them before. */
export type BatchArgument =
  | { readonly kind: 'images'; readonly location: string }
  | { readonly kind: 'features'; readonly files: readonly FeaturesFile[] }

/** Tells files of measurements, named one by one or by patterns, from images, of which there is one place. */
export async function readBatchArgument(locations: readonly string[]): Promise<BatchArgument> {
  const paths = (await Promise.all(locations.map(expand))).flat()
  const opened = await Promise.all(paths.map(openIfFile))
  const files = opened.filter((file) => file !== undefined)
  if (files.length > 0 && files.length === paths.length) return { kind: 'features', files }
  if (files.length === 0 && locations.length === 1) {
    return { kind: 'images', location: locations[0] }
  }
  const other = paths.find((_, i) => opened[i] === undefined) ?? locations[0]
  throw new DriftError(
    'config.invalid',
    `expected one place of images, or files of measurements alone, got ${paths.length} places and among them ${other}`,
    {
      hint: 'Files of measurements are written by `npx pixeldrift measure <detector> <images> --out features.parquet`.',
    },
  )
}

/** All parts of files, one file after the other. */
export async function* partsOf(files: readonly FeaturesFile[]): AsyncGenerator<Measurements> {
  for (const file of files) yield* file.parts()
}

/** The files that a pattern stands for; a name that is there is no pattern. */
async function expand(location: string): Promise<string[]> {
  // In a bucket brackets and stars are letters like others.
  if (/^s3:\/\//i.test(location)) return [location]
  const isThere = await stat(location).then(
    () => true,
    () => false,
  )
  if (isThere || !/[*?[{]/.test(location)) return [location]
  const found = globSync(location).toSorted()
  if (found.length > 0) return found
  throw new DriftError('source.unreadable', `expected files, got none that match ${location}`)
}

async function openIfFile(path: string): Promise<FeaturesFile | undefined> {
  const found = await stat(path).catch(() => undefined)
  return found?.isFile() === true ? openFeatures(path) : undefined
}
