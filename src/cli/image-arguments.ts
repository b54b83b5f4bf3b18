import { DriftError } from '../errors.ts'
import { type ImageSource, limitImages, openImages, type OpenOptions } from '../images/index.ts'

/** Flags that say how to read images, shared by the commands. */
export type ImageFlags = {
  readonly labels?: string
  readonly column?: string
  readonly limit?: string
  readonly pixelLimit?: string
}

/** Opens what the user pointed at. */
export async function openArgument(location: string, flags: ImageFlags): Promise<ImageSource> {
  const options: OpenOptions = {
    ...(flags.labels === undefined ? {} : { labels: flags.labels }),
    ...(flags.column === undefined ? {} : { column: flags.column }),
    ...(flags.pixelLimit === undefined ? {} : { pixelLimit: parseCount('--pixel-limit', flags.pixelLimit) }),
  }
  const source = await openImages(location, options)
  return flags.limit === undefined ? source : limitImages(source, parseCount('--limit', flags.limit))
}

/** A whole number of at least 1. */
export function parseCount(flag: string, text: string): number {
  const value = Number(text)
  if (Number.isInteger(value) && value >= 1) return value
  throw new DriftError('config.invalid', `expected a whole number of at least 1 for ${flag}, got ${JSON.stringify(text)}`)
}

/** Any integer. */
export function parseInteger(flag: string, text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && Number.isSafeInteger(value)) return value
  throw new DriftError('config.invalid', `expected a whole number for ${flag}, got ${JSON.stringify(text)}`)
}

/** `0.1` or `10%`, as a share. */
export function parseShare(flag: string, text: string): number {
  const percent = text.trim().endsWith('%')
  const number = Number(percent ? text.trim().slice(0, -1) : text)
  const value = percent ? number / 100 : number
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new DriftError('config.invalid', `expected a positive number or percentage for ${flag}, got ${JSON.stringify(text)}`, {
    hint: `For example ${flag} 10% or ${flag} 0.1.`,
  })
}
