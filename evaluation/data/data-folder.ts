import { access } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

/** A file of the optional data folder: `PIXELDRIFT_DATA`, or `../shared/data` beside the checkout. */
export function dataPath(...parts: readonly string[]): string {
  const folder =
    process.env['PIXELDRIFT_DATA'] ??
    fileURLToPath(new URL('../../../shared/data', import.meta.url))
  return [folder, ...parts].join('/')
}

/** Why data cannot be read, for a study to say that it is skipped; undefined when all files are there. */
export async function missingData(
  what: string,
  paths: readonly string[],
): Promise<string | undefined> {
  for (const path of paths) {
    const isThere = await access(path).then(
      () => true,
      () => false,
    )
    if (!isThere)
      return `${what} is absent: no ${path} (set PIXELDRIFT_DATA to the folder that holds it)`
  }
  return undefined
}
