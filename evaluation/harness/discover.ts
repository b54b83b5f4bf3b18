import { readdir } from 'node:fs/promises'
import { DriftError } from '../../src/errors.ts'

/** A module found by its file name; loaded only when asked for. */
export type Discovered<T> = {
  readonly name: string
  readonly url: string
  readonly load: () => Promise<T>
}

/** The modules of a folder, one file each, by name; each exports its subject as `exportName`. */
export async function discover<T>(folder: URL, exportName: string): Promise<Discovered<T>[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.ts'))
  return files.toSorted().map((file) => {
    const { href } = new URL(file, folder)
    return {
      name: file.replace(/\.ts$/, ''),
      url: href,
      load: () => loadExport<T>(href, exportName),
    }
  })
}

/** One export of the module at `url`. */
export async function loadExport<T>(url: string, exportName: string): Promise<T> {
  const loaded = (await import(url)) as Record<string, T | undefined>
  const found = loaded[exportName]
  if (found === undefined) throw new TypeError(`expected an export named ${exportName} in ${url}`)
  return found
}

/** The module of that name; a `DriftError` lists the others. */
export function pick<T>(
  modules: readonly Discovered<T>[],
  name: string,
  what: string,
): Discovered<T> {
  const found = modules.find((module) => module.name === name)
  if (found !== undefined) return found
  const names = modules.map((module) => module.name).join(', ')
  throw new DriftError('config.invalid', `expected the name of a ${what}, got "${name}"`, {
    hint: `There are: ${names || 'none yet'}.`,
  })
}
